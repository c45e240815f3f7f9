import { decodeProtectedHeader } from "jose/decode/protected_header";
import * as errors from "jose/errors";
import { jwtVerify } from "jose/jwt/verify";
import { nowInSeconds } from "../options/time-checks.ts";
import type { SharedOptions } from "../options/token-key-options.ts";
import type { LoadedKeys } from "./keys.ts";

/** The claims of a valid token, under Centrifugo's names. */
export interface VerifiedClaims {
  /** The user's id; undefined for a token without a user. */
  readonly sub?: string;
  /** The end in seconds since 1970; undefined for a token without an end. */
  readonly exp?: number;
  /** The channel of a subscription token; undefined for a connection token. */
  readonly channel?: string;
  readonly [claim: string]: unknown;
}

/** Rejects with jose's errors. */
export async function verify(
  token: string,
  keys: LoadedKeys,
  expected: SharedOptions,
): Promise<VerifiedClaims> {
  const { audience, issuer } = expected;
  const options = { ...(audience && { audience }), ...(issuer && { issuer }) };
  const { alg, kid } = headerOf(token);
  let failure: unknown = new errors.JWKSNoMatchingKey();
  for (const { jwk, verifying, validUntil = Number.MAX_VALUE, ...key } of keys) {
    if (key.alg !== alg || (jwk !== undefined && jwk.kid !== kid) || nowInSeconds() > validUntil) continue;
    try {
      return (await jwtVerify(token, verifying, options)).payload;
    } catch (error) {
      failure = error;
      // Another key does not help a token that has expired, for example.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw failure;
}

function headerOf(token: string): { readonly alg?: string; readonly kid?: string } {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw new errors.JWTInvalid("the token is no JWT", { cause });
  }
}
