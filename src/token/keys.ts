import { exportJWK } from "jose/key/export";
import { importJWK, importPKCS8, importSPKI } from "jose/key/import";
import { errorUnder, PathError } from "../codec/path-error.ts";
import { keyExpected, kindOf } from "../options/check-token-options.ts";
import { expect, isObject } from "../options/option-checks.ts";
import { secondsOf } from "../options/time-checks.ts";
import type { HmacOptions, Key, KeyKind, KeyWithId, PublicKeyOptions } from "../options/token-key-options.ts";

/** A public key. Centrifugo ignores one whose use is not "sig". */
export type PublicJwk = {
  readonly kty: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: string;
} & {
  readonly [Member in "crv" | "x" | "y" | "n" | "e"]?: string;
};

/** A key that is ready. Web Crypto shows nothing of it in logs. */
export interface LoadedKey {
  readonly alg: string;
  /** Undefined if only the public key was given. */
  readonly signing: CryptoKey | undefined;
  readonly verifying: CryptoKey;
  /** Undefined for HMAC. */
  readonly jwk?: PublicJwk;
  /** The last second in which tokens of the key are valid. */
  readonly validUntil?: number;
}
export type LoadedKeys = readonly [LoadedKey, ...LoadedKey[]];

export const hmacKey = (secret: string, hash = "SHA-256"): Promise<CryptoKey> => {
  const algorithm = { name: "HMAC", hash };
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "sign",
    "verify",
  ]);
};

export async function loadSecrets({
  hmac = "",
  algorithm: alg = "HS256",
  previous,
}: HmacOptions): Promise<LoadedKeys> {
  const load = async (secret: string) => {
    const key = await hmacKey(secret, alg.replace("HS", "SHA-"));
    return { alg, signing: key, verifying: key };
  };
  const { validUntil = Number.MAX_VALUE } = previous ?? {};
  return [
    await load(hmac),
    ...(previous ? [{ ...(await load(previous.hmac)), validUntil: secondsOf(validUntil) }] : []),
  ];
}

/** Loads the key that signs, and those before it. @throws PathError, whose message has nothing of a key */
export async function loadKeys(options: PublicKeyOptions): Promise<LoadedKeys> {
  const { previous = [] } = options;
  const others = previous.map((source, index) =>
    loadKey(source, false).catch((error) => Promise.reject(errorUnder(`previous[${index}]`, error))),
  );
  return Promise.all([loadKey(options, true), ...others]);
}

async function loadKey(source: KeyWithId, isPrivate: boolean): Promise<LoadedKey> {
  const kind = kindOf(source);
  const { kid, algorithm = "RS256", [kind]: key } = source;
  try {
    const whole = await asJwk(kind, key);
    const { kty, crv, x, y, n, e, d } = whole;
    const alg = { rsa: algorithm, ecdsa: `${Reflect.get(curves, `${crv}`)}`, eddsa: "EdDSA" }[kind];
    const jwk = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid, use: "sig", alg })) as PublicJwk;
    const load = (part: object) => importJWK({ ...part, alg, use: "sig" }, alg) as Promise<CryptoKey>;
    const verifying = await load(jwk);
    const { modulusLength = 2_048 } = verifying.algorithm as Partial<RsaKeyAlgorithm>;
    expect(kind, modulusLength >= 2_048, `2048 bits or more, got ${modulusLength}`);
    expect(kind, d !== undefined || !isPrivate, "a private key, got a public one");
    return {
      alg,
      jwk,
      verifying,
      signing: d === undefined ? undefined : await load({ ...whole, key_ops: ["sign"] }),
    };
  } catch (cause) {
    if (cause instanceof PathError) throw cause;
    throw new PathError(`expected ${keyExpected}, of this kind`, { path: kind, cause });
  }
}

const curves = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" };

async function asJwk(kind: KeyKind, key: Key): Promise<Readonly<Record<string, unknown>>> {
  if (isObject(key)) return "extractable" in key ? { ...(await exportJWK(key as CryptoKey)) } : { ...key };
  // Environment variables often have the line ends of PEM as `\n`.
  const pem = `${key}`.trim().replaceAll("\\n", "\n");
  const read = pem.startsWith("-----BEGIN PUBLIC KEY") ? importSPKI : importPKCS8;
  // The curve of an EC key has to be known to read it.
  const algorithms = { rsa: ["RS256"], ecdsa: Object.values(curves), eddsa: ["EdDSA"] }[kind];
  return {
    ...(await exportJWK(await Promise.any(algorithms.map((alg) => read(pem, alg, { extractable: true }))))),
  };
}
