import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { ecdsaPem, eddsaPem, rsaPem, tokenSecret } from "../harness/token-makers.ts";

const pem = expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----$/);
const trackSecret = "another secret of thirty-two bytes";
const kid = "1";

describe("the part of config.json", () => {
  test("a secret verifies tokens and track signatures", async () => {
    expect(await createTokens({ hmac: tokenSecret }).config()).toEqual({
      client: { token: { hmac_secret_key: tokenSecret } },
      shared_poll: { hmac_secret_key: tokenSecret },
    });
  });

  test("the secret before, with its time, audience and issuer are in it", async () => {
    const previous = { hmac: "old", validUntil: new Date(1_800_000_000_999) };
    const before = { hmac_previous_secret_key: "old", hmac_previous_secret_key_valid_until: 1_800_000_000 };
    const tokens = createTokens({ hmac: tokenSecret, previous, audience: "a", issuer: "i" });
    expect(await tokens.config()).toEqual({
      client: { token: { hmac_secret_key: tokenSecret, ...before, audience: "a", issuer: "i" } },
      shared_poll: { hmac_secret_key: tokenSecret, ...before },
    });
    expect(await createTokens({ hmac: tokenSecret, previous, trackSecret }).config()).toMatchObject({
      shared_poll: { hmac_secret_key: trackSecret },
    });
  });

  test("an RSA or EC key is in it as PEM text, or by the address of the JWKS", async () => {
    const rsa = createTokens({ rsa: rsaPem, kid, audience: "a" });
    expect(await rsa.config()).toEqual({ client: { token: { rsa_public_key: pem, audience: "a" } } });
    const ecdsa = createTokens({ ecdsa: ecdsaPem("P-256"), kid, trackSecret });
    expect(await ecdsa.config()).toEqual({
      client: { token: { ecdsa_public_key: pem } },
      shared_poll: { hmac_secret_key: trackSecret },
    });
    for (const jwksUrl of ["https://app/jwks", "http://app:3000", "http://app/a/b?c=//d/"])
      expect(await rsa.config({ jwksUrl })).toEqual({
        client: { token: { jwks_public_endpoint: jwksUrl, audience: "a" } },
      });
  });

  test("EdDSA and several keys need the address of the JWKS", async () => {
    const message =
      "config: jwksUrl: expected the address of serveJwks: Centrifugo verifies EdDSA, and takes several keys, by a JWKS only";
    for (const tokens of [
      createTokens({ eddsa: eddsaPem, kid }),
      createTokens({ rsa: rsaPem, kid, previous: [{ ecdsa: ecdsaPem("P-256"), kid: "0" }] }),
    ]) {
      await expect(tokens.config()).rejects.toThrow(new TypeError(message));
      expect(await tokens.config({ jwksUrl: "https://app/jwks" })).toBeDefined();
    }
  });

  test.each(["app/jwks", "ftp://app/jwks", "https://app/jwks/", "https://app//jwks", "", 5])(
    "the address %j is refused",
    async (jwksUrl) => {
      await expect(createTokens({ rsa: rsaPem, kid }).config({ jwksUrl: jwksUrl as string })).rejects.toThrow(
        new TypeError("config: jwksUrl: expected a URL with http: or https:, and no slash at its end"),
      );
    },
  );

  test("a secret has no JWKS", async () => {
    const tokens = createTokens({ hmac: tokenSecret });
    await expect(tokens.config({ jwksUrl: "https://app/jwks" })).rejects.toThrow(
      new TypeError("config: jwksUrl: expected nothing beside hmac"),
    );
    expect(tokens).not.toHaveProperty("jwks");
    expect(tokens).not.toHaveProperty("serveJwks");
  });

  test("console.log hides the secrets, and nothing else", async () => {
    const tokens = createTokens({ hmac: tokenSecret, previous: { hmac: "old-secret" }, issuer: "i" });
    expect(inspect(await tokens.config(), { compact: true, breakLength: 500 })).toBe(
      "{ client: { token: { hmac_secret_key: '(secret)', hmac_previous_secret_key: '(secret)', issuer: 'i' } }, " +
        "shared_poll: { hmac_secret_key: '(secret)', hmac_previous_secret_key: '(secret)' } }",
    );
  });

  test("console.log hides the secrets of a part, and of a configuration with the part", async () => {
    const { client, shared_poll } = await createTokens({ hmac: tokenSecret }).config();
    const merged = { client: { allowed_origins: ["*"], ...client }, shared_poll };
    expect(inspect([client, shared_poll, merged], { depth: 9 })).not.toContain(tokenSecret);
    expect(JSON.parse(JSON.stringify(merged)).client.token.hmac_secret_key).toBe(tokenSecret);
  });
});
