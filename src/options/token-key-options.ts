import type { Time } from "./time-checks.ts";

/** A JSON Web Key, such as `{ kty: "OKP", crv: "Ed25519", x, d }`. */
export type Jwk = { readonly kty?: string | undefined } & { readonly [Member in JwkMember]?: unknown };
type JwkMember =
  | "crv"
  | "x"
  | "y"
  | "d"
  | "n"
  | "e"
  | "p"
  | "q"
  | "dp"
  | "dq"
  | "qi"
  | "alg"
  | "kid"
  | "use"
  | "key_ops"
  | "ext";

/** A key of Web Crypto, which must be extractable. Named by its structure, so that the types need no DOM library. */
export type WebCryptoKey = {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
};

/** PEM text (BEGIN PRIVATE KEY), a JWK or a CryptoKey. Undefined, as of a variable that is not set, is refused. */
export type Key = string | Jwk | WebCryptoKey | undefined;

/** A private key and its id; in `previous`, a public key will do. RSA signs RS256 by default; EC keys by their curve. */
export type KeyWithId = { readonly kid: string } & (
  | (One<"rsa"> & { readonly algorithm?: "RS256" | "RS384" | "RS512" | undefined })
  | ((One<"ecdsa"> | One<"eddsa">) & { readonly algorithm?: undefined })
);
/** The option that names the kind of a key. */
export type KeyKind = "rsa" | "ecdsa" | "eddsa";
type One<Kind extends KeyKind> = { readonly [Name in Kind]: Key } & {
  readonly [Other in Exclude<KeyKind, Kind>]?: never;
};

/** Options of tokens signed with a secret or a private key. */
export interface SharedOptions {
  /** The claim `aud` of each token, which `config()` and `verify` expect. Default: none. */
  readonly audience?: string | undefined;
  /** The claim `iss` of each token, which `config()` and `verify` expect. Default: none. */
  readonly issuer?: string | undefined;
  /** The secret of `trackSignature`, of 32 bytes or more. Default: `hmac`. */
  readonly trackSecret?: string | undefined;
}

/** Tokens signed with a secret, which Centrifugo has too. */
export interface HmacOptions extends SharedOptions {
  /** As many bytes as the algorithm's hash, or more: 32 for HS256. Undefined is refused when it is called. */
  readonly hmac: string | undefined;
  /** Default "HS256". */
  readonly algorithm?: "HS256" | "HS384" | "HS512" | undefined;
  /** The secret before, whose tokens stay valid; until a time, if one is given. */
  readonly previous?: { readonly hmac: string; readonly validUntil?: Time | undefined } | undefined;
}

/** Tokens signed with a private key. Centrifugo has the public one. The keys in `previous` do not sign; their tokens stay valid. */
export type PublicKeyOptions = SharedOptions &
  KeyWithId & { readonly previous?: readonly KeyWithId[] | undefined };
