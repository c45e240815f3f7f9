import type { KeyObject } from "node:crypto";
import { createHmac, createPublicKey, verify as verifyByHand } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { publicKeyTokens, secretTokens, tokenSecret } from "../harness/token-makers.ts";

// The signatures, checked with node:crypto in place of jose.

const decode = (part = "") =>
  JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;

function byHand(algorithm: string, signed: string, key: KeyObject, signature: string): boolean {
  const hash = algorithm === "EdDSA" ? null : `sha${algorithm.slice(2)}`;
  // A JWT has the two numbers of an ECDSA signature one after the other, not as ASN.1.
  const options = { key, dsaEncoding: "ieee-p1363" } as const;
  return verifyByHand(hash, Buffer.from(signed), options, Buffer.from(signature, "base64url"));
}

test.each(secretTokens)("node:crypto makes the same signature with %s", async (algorithm, tokens) => {
  const token = await tokens.connection({ user: "42", expiresIn: 60 });
  const [header = "", claims = "", signature] = token.split(".");
  expect(decode(header)).toEqual({ alg: algorithm, typ: "JWT" });
  const hmac = createHmac(`sha${algorithm.slice(2)}`, tokenSecret).update(`${header}.${claims}`);
  expect(signature).toBe(hmac.digest("base64url"));
});

test.each(publicKeyTokens)(
  "node:crypto verifies the signature of %s by the public key of jwks",
  async (algorithm, tokens) => {
    const token = await tokens.subscription({ user: "42", channel: "a", expiresIn: 60 });
    const [header = "", claims = "", signature = ""] = token.split(".");
    const [jwk] = (await tokens.jwks()).keys;
    expect(decode(header)).toEqual({ alg: algorithm, typ: "JWT", kid: jwk?.kid });
    expect(jwk).toMatchObject({ use: "sig", alg: algorithm });
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    expect(byHand(algorithm, `${header}.${claims}`, key, signature)).toBe(true);
    expect(byHand(algorithm, `${header}.${claims}x`, key, signature)).toBe(false);
  },
);

describe("any text and JSON", () => {
  const tokens = createTokens({ hmac: tokenSecret });
  const text = fc.string({ unit: "grapheme", minLength: 1 });

  test("a token carries them unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.jsonValue(), fc.uint8Array(), async (user, channel, json, bytes) => {
        const options = { user, channel, expiresIn: 60, info: json, data: bytes };
        const token = await tokens.subscription(options);
        const claims = decode(token.split(".")[1]);
        expect(claims).toMatchObject({ sub: user, channel, b64data: Buffer.from(bytes).toString("base64") });
        expect(claims.info).toEqual(JSON.parse(JSON.stringify(json)));
        expect(await tokens.verify(token)).toEqual(claims);
      }),
    );
  });
});
