import { expectTypeOf, test } from "vitest";
import type { PublicKeyTokens, TokenConfig, Tokens, VerifiedClaims } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";

declare const hmac: string | undefined;
declare const key: CryptoKey;
declare const jwk: JsonWebKey;
const tokens = createTokens({ hmac });

test("createTokens takes a secret, or one key with its id", () => {
  expectTypeOf(tokens).toEqualTypeOf<Tokens>();
  expectTypeOf(createTokens({ rsa: "", kid: "1", algorithm: "RS512" })).toEqualTypeOf<PublicKeyTokens>();
  expectTypeOf(createTokens({ ecdsa: jwk, kid: "1" })).toEqualTypeOf<PublicKeyTokens>();
  createTokens({ eddsa: key, kid: "1", previous: [{ rsa: process.env.KEY, kid: "0" }] });
  createTokens({ hmac, algorithm: "HS512", previous: { hmac: "", validUntil: new Date() } });
  // @ts-expect-error a kid is missing
  createTokens({ rsa: "" });
  // @ts-expect-error two keys
  createTokens({ rsa: "", ecdsa: "", kid: "1" });
  // @ts-expect-error a secret and a key
  createTokens({ hmac, rsa: "", kid: "1" });
  // @ts-expect-error there is no alg none
  createTokens({ hmac, algorithm: "none" });
  // @ts-expect-error the key of another algorithm
  createTokens({ eddsa: "", kid: "1", algorithm: "RS256" });
  // @ts-expect-error neither secret nor key
  createTokens({});
  // @ts-expect-error a misspelt option
  createTokens({ hmac, isuer: "" });
});

test("only tokens of a private key have a JWKS", () => {
  expectTypeOf<PublicKeyTokens>().toExtend<Tokens>();
  // @ts-expect-error a secret has no JWKS
  tokens.jwks;
});

test("a token needs a user or nobody, and an end or none", () => {
  expectTypeOf(tokens.connection({ user: "42", expiresIn: "1h" })).toEqualTypeOf<Promise<string>>();
  tokens.connection({ anonymous: true, expiresIn: false });
  tokens.connection({
    user: "42",
    expiresAt: new Date(),
    info: new Uint8Array(),
    subs: { a: { override: { presence: true } } },
  });
  // @ts-expect-error no end
  tokens.connection({ user: "42" });
  // @ts-expect-error a number
  tokens.connection({ user: 42, expiresIn: 60 });
  // @ts-expect-error a unit that is not known
  tokens.connection({ user: "42", expiresIn: "1w" });
  // @ts-expect-error two ends
  tokens.connection({ user: "42", expiresIn: 60, expiresAt: 1 });
  // @ts-expect-error a user and nobody
  tokens.connection({ user: "42", anonymous: true, expiresIn: 60 });
  // @ts-expect-error a channel
  tokens.connection({ user: "42", expiresIn: 60, channel: "a" });
  // @ts-expect-error a misspelt capability
  tokens.connection({ user: "42", expiresIn: 60, caps: [{ channels: ["a"], allow: ["subscribe"] }] });
});

test("a subscription token needs a channel, a track signature keys, too", () => {
  tokens.subscription({ user: "42", channel: "a", expiresIn: 60, allow: ["pub"] });
  // @ts-expect-error no channel
  tokens.subscription({ user: "42", expiresIn: 60 });
  // @ts-expect-error no keys
  tokens.trackSignature({ user: "42", channel: "a", expiresIn: 60 });
  // @ts-expect-error claims of a connection
  tokens.subscription({ user: "42", channel: "a", expiresIn: 60, meta: {} });
});

test("verify gives claims, config sections, and an endpoint a fetch handler", () => {
  expectTypeOf(tokens.verify("")).toEqualTypeOf<Promise<VerifiedClaims>>();
  expectTypeOf<VerifiedClaims["sub"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf(tokens.config()).toEqualTypeOf<Promise<TokenConfig>>();
  expectTypeOf(tokens.endpoint({ user: () => "42" })).toEqualTypeOf<
    (request: Request) => Promise<Response>
  >();
  tokens.endpoint({
    user: async () => null,
    connection: () => ({ info: 1, expiresIn: 60 }),
    subscription: () => true,
  });
  // @ts-expect-error no user
  tokens.endpoint({});
  // @ts-expect-error a user of number
  tokens.endpoint({ user: () => 42 });
});
