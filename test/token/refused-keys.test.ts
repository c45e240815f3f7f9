import { describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { eddsaPem, rsaPem, tokenSecret } from "../harness/token-makers.ts";

describe("options of createTokens", () => {
  const create = createTokens as (options: unknown) => unknown;
  const key =
    "PEM text with BEGIN PRIVATE KEY (`openssl pkcs8 -topk8 -nocrypt` converts others), a JWK or an extractable CryptoKey";
  const secretOf = (bytes: number) => `a secret of ${bytes} bytes or more, as \`openssl rand -hex 32\` makes`;
  const set = "Set the variable that it comes from";

  test.each<[string, unknown, string]>([
    ["no options", undefined, "options: expected an object"],
    ["neither secret nor key", {}, "options: expected one of hmac, rsa, ecdsa, eddsa, got none"],
    [
      "a secret and a key",
      { hmac: tokenSecret, rsa: rsaPem, kid: "1" },
      "options: expected one of hmac, rsa, ecdsa, eddsa, got hmac and rsa",
    ],
    [
      "two keys",
      { eddsa: eddsaPem, rsa: rsaPem, kid: "1" },
      "options: expected one of hmac, rsa, ecdsa, eddsa, got rsa and eddsa",
    ],
    ["a misspelt option", { hmca: tokenSecret }, "hmca: unknown option; did you mean hmac?"],
    ["a secret that is not set", { hmac: undefined }, `hmac: is undefined; expected ${secretOf(32)}. ${set}`],
    ["an empty secret", { hmac: "" }, `hmac: is empty; expected ${secretOf(32)}. ${set}`],
    ["a secret of bytes", { hmac: new Uint8Array(32) }, `hmac: expected ${secretOf(32)}`],
    ["a secret that is not UTF-8", { hmac: "\ud800".repeat(32) }, `hmac: expected ${secretOf(32)}`],
    ["31 bytes", { hmac: "x".repeat(31) }, `hmac: expected ${secretOf(32)}, got 31`],
    [
      "47 bytes for HS384",
      { hmac: "x".repeat(47), algorithm: "HS384" },
      `hmac: expected ${secretOf(48)}, got 47`,
    ],
    [
      "63 bytes for HS512",
      { hmac: "x".repeat(63), algorithm: "HS512" },
      `hmac: expected ${secretOf(64)}, got 63`,
    ],
    ["alg none", { hmac: tokenSecret, algorithm: "none" }, "algorithm: expected one of HS256, HS384, HS512"],
    [
      "RS256 with a secret",
      { hmac: tokenSecret, algorithm: "RS256" },
      "algorithm: expected one of HS256, HS384, HS512",
    ],
    [
      "a kid with a secret",
      { hmac: tokenSecret, kid: "1" },
      "kid: unknown option; expected one of algorithm, audience, issuer, trackSecret, hmac, previous",
    ],
    [
      "a previous secret that is not set",
      { hmac: tokenSecret, previous: {} },
      `previous.hmac: is undefined; expected ${secretOf(1)}. ${set}`,
    ],
    [
      "validUntil in milliseconds",
      { hmac: tokenSecret, previous: { hmac: "x", validUntil: 1.8e12 } },
      "previous.validUntil: expected seconds since 1970, got milliseconds: pass 1800000000 or new Date(1800000000000)",
    ],
    [
      "a short trackSecret",
      { hmac: tokenSecret, trackSecret: "x" },
      `trackSecret: expected ${secretOf(32)}, got 1`,
    ],
    ["a key that is not set", { eddsa: undefined, kid: "1" }, `eddsa: is undefined; expected ${key}. ${set}`],
    ["a key of number", { eddsa: 5, kid: "1" }, `eddsa: expected ${key}`],
    ["no kid", { eddsa: eddsaPem }, `kid: is undefined; expected an id of the key. ${set}`],
    ["a kid of number", { eddsa: eddsaPem, kid: 1 }, 'kid: expected a text, got the number 1: pass "1"'],
    [
      "an algorithm for EdDSA",
      { eddsa: eddsaPem, kid: "1", algorithm: "RS256" },
      "algorithm: expected nothing beside eddsa",
    ],
    [
      "PS256",
      { rsa: rsaPem, kid: "1", algorithm: "PS256" },
      "algorithm: expected one of RS256, RS384, RS512",
    ],
    [
      "previous that is no array",
      { rsa: rsaPem, kid: "1", previous: {} },
      "previous: expected an array of keys",
    ],
    [
      "a kid that is used twice",
      { rsa: rsaPem, kid: "1", previous: [{ eddsa: eddsaPem, kid: "1" }] },
      "previous: expected a kid of its own for each key",
    ],
    [
      "a previous key without kid",
      { rsa: rsaPem, kid: "1", previous: [{ eddsa: eddsaPem }] },
      `previous[0].kid: is undefined; expected an id of the key. ${set}`,
    ],
    [
      "a misspelt option of a key",
      { rsa: rsaPem, kid: "1", previous: [{ edddsa: eddsaPem, kid: "2" }] },
      "previous[0].edddsa: unknown option; did you mean eddsa?",
    ],
  ])("createTokens refuses %s", (_name, options, message) => {
    expect(() => create(options)).toThrow(new TypeError(`createTokens: ${message}`));
  });

  test("createTokens takes a secret of as many bytes as the hash, in UTF-8", () => {
    expect(create({ hmac: "x".repeat(32) })).toBeDefined();
    expect(create({ hmac: "ä".repeat(16) })).toBeDefined();
    expect(create({ hmac: "x".repeat(64), algorithm: "HS512" })).toBeDefined();
  });
});
