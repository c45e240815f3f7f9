import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { eddsaPem, publicKeyTokens, rsaPem, secretTokens, tokenSecret } from "../harness/token-makers.ts";

const now = 1_800_000_000;
const tokens = createTokens({ hmac: tokenSecret });

/** Makes a token of any header and claims. */
function forge(header: object, claims: unknown, secret = tokenSecret): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: now * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([...secretTokens, ...publicKeyTokens])(
  "verify gives the claims of a token of %s",
  async (_name, maker) => {
    const token = await maker.subscription({ user: "42", channel: "a", expiresIn: 60 });
    expect(await maker.verify(token)).toEqual({ sub: "42", channel: "a", exp: now + 60, iat: now });
  },
);

test("a token is valid until the second before its end", async () => {
  const token = await tokens.connection({ user: "42", expiresIn: 60 });
  vi.setSystemTime((now + 59) * 1_000);
  expect(await tokens.verify(token)).toMatchObject({ sub: "42" });
  vi.setSystemTime((now + 60) * 1_000);
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
});

test.each<[string, string, string]>([
  [
    "another secret",
    forge({ alg: "HS256" }, { sub: "42" }, "another secret"),
    "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  ],
  ["another algorithm", forge({ alg: "HS512" }, { sub: "42" }), "ERR_JWKS_NO_MATCHING_KEY"],
  ["alg none", `${forge({ alg: "none" }, { sub: "42" }).replace(/[^.]*$/, "")}`, "ERR_JWKS_NO_MATCHING_KEY"],
  ["a time before it is valid", forge({ alg: "HS256" }, { nbf: now + 1 }), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  [
    "an end that is a text",
    forge({ alg: "HS256" }, { exp: `${now + 60}` }),
    "ERR_JWT_CLAIM_VALIDATION_FAILED",
  ],
  ["claims that are no object", forge({ alg: "HS256" }, [1]), "ERR_JWT_INVALID"],
  ["text that is no JWT", "a.b", "ERR_JWT_INVALID"],
  ["no text", undefined as unknown as string, "ERR_JWT_INVALID"],
])("verify refuses a token of %s", async (_name, token, code) => {
  await expect(tokens.verify(token)).rejects.toMatchObject({ code });
});

test("verify expects audience and issuer, if createTokens has them", async () => {
  const strict = createTokens({ hmac: tokenSecret, audience: "a", issuer: "i" });
  const token = (claims: object) => forge({ alg: "HS256" }, claims);
  expect(await strict.verify(token({ aud: ["b", "a"], iss: "i" }))).toEqual({ aud: ["b", "a"], iss: "i" });
  for (const claims of [{ aud: "a" }, { iss: "i" }, { aud: "b", iss: "i" }, { aud: "a", iss: "j" }])
    await expect(strict.verify(token(claims))).rejects.toMatchObject({
      code: "ERR_JWT_CLAIM_VALIDATION_FAILED",
    });
});

test("tokens of the secret before are valid until its last second", async () => {
  const old = createTokens({ hmac: "the secret before, of some length" });
  const previous = { hmac: "the secret before, of some length", validUntil: now + 10 };
  const rotated = createTokens({ hmac: tokenSecret, previous });
  const token = await old.connection({ user: "42", expiresIn: 60 });
  const expired = await rotated.connection({ user: "42", expiresIn: 5 });
  vi.setSystemTime((now + 10) * 1_000);
  expect(await rotated.verify(token)).toMatchObject({ sub: "42" });
  await expect(rotated.verify(expired)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
  vi.setSystemTime((now + 11) * 1_000);
  await expect(rotated.verify(token)).rejects.toMatchObject({
    code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  });
  expect(
    await createTokens({ hmac: tokenSecret, previous: { hmac: previous.hmac } }).verify(token),
  ).toBeDefined();
});

test("the kid chooses the key, and a token without a known kid is refused", async () => {
  const old = createTokens({ rsa: rsaPem, kid: "old" });
  const rotated = createTokens({ eddsa: eddsaPem, kid: "new", previous: [{ rsa: rsaPem, kid: "old" }] });
  for (const maker of [old, rotated])
    expect(await rotated.verify(await maker.connection({ user: "42", expiresIn: 60 }))).toMatchObject({
      sub: "42",
    });
  for (const kid of ["older", "new"]) {
    const token = await createTokens({ rsa: rsaPem, kid }).connection({ user: "42", expiresIn: 60 });
    await expect(rotated.verify(token)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  }
});

test("the text of a public key does not pass as an HMAC secret", async () => {
  const rsa = createTokens({ rsa: rsaPem, kid: "r" });
  const { client } = await rsa.config();
  const token = forge({ alg: "HS256", kid: "r" }, { sub: "42" }, `${client.token.rsa_public_key}`);
  await expect(rsa.verify(token)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});
