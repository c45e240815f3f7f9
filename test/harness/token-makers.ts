import { generateKeyPairSync } from "node:crypto";
import type { PublicKeyTokens, Tokens } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";

const pkcs8 = { type: "pkcs8", format: "pem" } as const;

export const tokenSecret = "a secret of 64 bytes, which is enough for each of the three HMACs";
export const rsaPem = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export(pkcs8) as string;
export const eddsaPem = generateKeyPairSync("ed25519").privateKey.export(pkcs8) as string;
export const ecdsaPem = (namedCurve: string): string =>
  generateKeyPairSync("ec", { namedCurve }).privateKey.export(pkcs8) as string;

export const hmacAlgorithms = ["HS256", "HS384", "HS512"] as const;
export const rsaAlgorithms = ["RS256", "RS384", "RS512"] as const;
export const curves = { ES256: "P-256", ES384: "P-384", ES512: "P-521" } as const;

/** Tokens of each algorithm that Centrifugo verifies with a secret. */
export const secretTokens: readonly (readonly [string, Tokens])[] = hmacAlgorithms.map((algorithm) => [
  algorithm,
  createTokens({ hmac: tokenSecret, algorithm }),
]);

/** Tokens of each algorithm that Centrifugo verifies with a public key. */
export const publicKeyTokens: readonly (readonly [string, PublicKeyTokens])[] = [
  ...rsaAlgorithms.map(
    (algorithm) => [algorithm, createTokens({ rsa: rsaPem, algorithm, kid: "r" })] as const,
  ),
  ...Object.entries(curves).map(
    ([algorithm, curve]) => [algorithm, createTokens({ ecdsa: ecdsaPem(curve), kid: "c" })] as const,
  ),
  ["EdDSA", createTokens({ eddsa: eddsaPem, kid: "d" })],
];
