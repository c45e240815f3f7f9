import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Jwk, PublicKeyOptions } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { ecdsaPem, eddsaPem, rsaPem, tokenSecret } from "../harness/token-makers.ts";

const pems = { rsa: rsaPem, ecdsa: ecdsaPem("P-384"), eddsa: eddsaPem };
type Kind = keyof typeof pems;
const kinds = Object.keys(pems) as Kind[];
const kid = "k";

const jwkOf = (kind: Kind) => createPrivateKey(pems[kind]).export({ format: "jwk" }) as Jwk;
const algorithms = {
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ecdsa: { name: "ECDSA", namedCurve: "P-384" },
  eddsa: { name: "Ed25519" },
};
const cryptoKey = (kind: Kind, extractable: boolean) =>
  crypto.subtle.importKey("jwk", jwkOf(kind) as JsonWebKey, algorithms[kind], extractable, ["sign"]);

describe.each(kinds)("a key of %s", (kind) => {
  const options = (key: unknown) => ({ [kind]: key, kid }) as unknown as PublicKeyOptions;

  test("PEM text, PEM text of a variable, JWK and CryptoKey make tokens of the same key", async () => {
    const { d: _, ...whole } = jwkOf(kind);
    const pem = pems[kind];
    const forms = [
      pem,
      `\n${pem.trim().replaceAll("\n", "\\n")}`,
      jwkOf(kind),
      { ...jwkOf(kind), alg: "RS512", use: "enc", key_ops: ["verify"], kid: "other" },
      await cryptoKey(kind, true),
    ];
    const reader = createTokens(options(pem));
    for (const form of forms) {
      const tokens = createTokens(options(form));
      const { keys } = await tokens.jwks();
      expect(keys).toEqual((await reader.jwks()).keys);
      expect(await reader.verify(await tokens.connection({ user: "42", expiresIn: 60 }))).toMatchObject({
        sub: "42",
      });
      const names = Object.keys(keys[0] ?? {}).sort();
      const expected = { rsa: ["e", "n"], ecdsa: ["crv", "x", "y"], eddsa: ["crv", "x"] }[kind];
      expect(names).toEqual([...expected, "alg", "kid", "kty", "use"].sort());
      expect(whole).toMatchObject({ kty: keys[0]?.kty });
    }
  });

  test("a public key cannot sign, but verifies as a previous key", async () => {
    const pair = createPrivateKey(pems[kind]);
    const publicPem = publicOf(pair);
    const { d: _, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicJwk } = jwkOf(kind);
    await expect(createTokens(options(publicJwk)).jwks()).rejects.toThrow(
      new TypeError(`jwks: ${kind}: expected a private key, got a public one`),
    );
    const token = await createTokens(options(pems[kind])).connection({ user: "42", expiresIn: 60 });
    for (const key of [publicPem, publicJwk]) {
      await expect(createTokens(options(key)).jwks()).rejects.toThrow(TypeError);
      const previous = [options(key)];
      const tokens = createTokens({ eddsa: otherKey, kid: "other", previous });
      expect(await tokens.verify(token)).toMatchObject({ sub: "42" });
    }
  });

  test("a CryptoKey that is not extractable is refused", async () => {
    const tokens = createTokens(options(await cryptoKey(kind, false)));
    await expect(tokens.connection({ user: "42", expiresIn: 60 })).rejects.toThrow(
      /^connection: \w+: expected PEM text/,
    );
  });

  test.each(kinds.filter((other) => other !== kind))("a key of %s in its place is refused", async (other) => {
    for (const key of [pems[other], jwkOf(other), await cryptoKey(other, true)])
      await expect(createTokens(options(key)).jwks()).rejects.toThrow(
        new RegExp(`^jwks: ${kind}: expected PEM text .*, of this kind$`),
      );
  });
});

const otherKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;

const publicOf = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "pem" }) as string;

test("an RSA key below 2048 bits is refused", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  const tokens = createTokens({ rsa: privateKey.export({ format: "jwk" }) as Jwk, kid });
  await expect(tokens.jwks()).rejects.toThrow(
    new TypeError("jwks: rsa: expected 2048 bits or more, got 1024"),
  );
});

test("an unreadable previous key is named by its place", async () => {
  const tokens = createTokens({
    eddsa: eddsaPem,
    kid,
    previous: [
      { rsa: rsaPem, kid: "1" },
      { rsa: "x", kid: "2" },
    ],
  });
  await expect(tokens.connection({ user: "42", expiresIn: 60 })).rejects.toThrow(
    /^connection: previous\[1\]\.rsa: expected PEM/,
  );
});

test.each([
  [
    "PKCS#1",
    generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ type: "pkcs1", format: "pem" }),
  ],
  [
    "an encrypted key",
    createPrivateKey(rsaPem).export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" }),
  ],
  ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"],
])("%s is refused with the way to convert it", async (_name, pem) => {
  await expect(createTokens({ rsa: `${pem}`, kid }).jwks()).rejects.toThrow(/openssl pkcs8 -topk8 -nocrypt/);
});

describe("secrets and keys", () => {
  const secret = "s3cr3t-".repeat(12);
  /** The parts of a key that nobody may see: its numbers, and the lines of its PEM text. */
  const parts = [
    secret,
    ...kinds.flatMap((kind) => [
      `${jwkOf(kind).d}`,
      ...pems[kind].split("\n").filter((line) => line.length > 40),
    ]),
  ];
  const shown = (value: unknown) => inspect(value, { depth: null, showHidden: true });
  const leaks = (text: string) =>
    parts.filter((part) => text.includes(part) || text.includes(part.slice(0, 20)));

  test("tokens show none of them in inspect and JSON", async () => {
    const all = [
      createTokens({ hmac: secret, trackSecret: `${secret}2`, previous: { hmac: `${secret}3` } }),
      ...kinds.map((kind) => createTokens({ [kind]: pems[kind], kid } as unknown as PublicKeyOptions)),
    ];
    for (const tokens of all) {
      await tokens.connection({ user: "42", expiresIn: 60 });
      expect(leaks(shown(tokens) + JSON.stringify(tokens))).toEqual([]);
      const config = await tokens.config({ jwksUrl: "jwks" in tokens ? "https://app/jwks" : undefined });
      expect(leaks(shown(config))).toEqual([]);
    }
  });

  test("errors show none of them", async () => {
    const wrong: object[] = [
      { hmac: secret, algorithm: "none" },
      { hmac: secret, rsa: rsaPem, kid },
      { hmac: "short", previous: { hmac: secret } },
      { hmac: secret, trackSecret: secret.slice(0, 31) },
      ...kinds.flatMap((kind) => [
        { [kind]: pems[kind] },
        { [kind]: pems[kind].slice(0, -60), kid },
        { [kind]: pems[kind].replace("PRIVATE", "RSA PRIVATE"), kid },
        { [kind]: { ...jwkOf(kind), kty: "oct" }, kid },
        { [kind]: { d: jwkOf(kind).d }, kid },
        { [kind]: { ...jwkOf(kind), x: "AAAA", n: "AAAA" }, kid },
        ...kinds.filter((other) => other !== kind).map((other) => ({ [other]: pems[kind], kid })),
      ]),
    ];
    for (const options of wrong) {
      const error: unknown = await Promise.resolve()
        .then(() => createTokens(options as PublicKeyOptions).jwks())
        .catch((error: unknown) => error);
      expect(error).toBeInstanceOf(TypeError);
      expect([shown(error), leaks(shown(error) + (error as Error).stack)]).toEqual([expect.any(String), []]);
    }
    const forged = `${await createTokens({ hmac: secret }).connection({ user: "42", expiresIn: 60 })}x`;
    const refused: unknown = await createTokens({ hmac: secret })
      .verify(forged)
      .catch((error: unknown) => error);
    expect(leaks(shown(refused))).toEqual([]);
  });
});

test("options that change later do not change the tokens", async () => {
  const options = { hmac: tokenSecret };
  const tokens = createTokens(options);
  options.hmac = "another secret of thirty-two bytes";
  const token = await tokens.connection({ user: "42", expiresIn: 60 });
  expect(await createTokens({ hmac: tokenSecret }).verify(token)).toMatchObject({ sub: "42" });
  expect(JSON.stringify(await tokens.config())).not.toContain("another");
});
