import { CompactSign } from "jose/jws/compact/sign";
import { asTypeError, runNamed } from "../codec/path-error.ts";
import { checkTokenOptions } from "../options/check-token-options.ts";
import type { HmacOptions, PublicKeyOptions } from "../options/token-key-options.ts";
import type { Claims } from "./claims.ts";
import { connectionClaims, subscriptionClaims } from "./claims.ts";
import { endpoint } from "./endpoint.ts";
import type { LoadedKeys } from "./keys.ts";
import { loadKeys, loadSecrets } from "./keys.ts";
import { tokenConfig } from "./token-config.ts";
import type { PublicKeyTokens, Tokens } from "./tokens.ts";
import { signTracking } from "./track-signature.ts";
import { verify } from "./verify.ts";

/**
 * Makes and verifies the tokens that let users into Centrifugo, with a secret (`hmac`), or with a private key (`rsa`,
 * `ecdsa` or `eddsa`) and its `kid`. Keys are loaded when they are first needed; a key that cannot be read rejects then.
 *
 * @throws TypeError naming the wrong option. No error has anything of a key or secret.
 */
export function createTokens(options: HmacOptions): Tokens;
export function createTokens(options: PublicKeyOptions): PublicKeyTokens;
export function createTokens(options: HmacOptions | PublicKeyOptions): Tokens | PublicKeyTokens {
  const given = runNamed("createTokens", () => checkTokenOptions(options));
  const load = () => ("hmac" in given ? loadSecrets(given) : loadKeys(given));
  let loaded: Promise<LoadedKeys> | undefined;
  const keys = () => (loaded ??= load());
  const { audience: aud, issuer: iss } = given;
  const trackSecret = given.trackSecret ?? ("hmac" in given ? given.hmac : undefined);
  const sign = async (claims: Claims) => {
    const [{ alg, signing, jwk }] = await keys();
    const header = { alg, typ: "JWT", ...(jwk && { kid: jwk.kid }) };
    // jose's SignJWT would copy the claims.
    const bytes = new TextEncoder().encode(JSON.stringify({ aud, iss, ...claims }));
    return new CompactSign(bytes).setProtectedHeader(header).sign(signing as CryptoKey);
  };
  const tokens: Tokens = {
    connection: (claims) => rejecting("connection", () => sign(connectionClaims(claims))),
    subscription: (claims) => rejecting("subscription", () => sign(subscriptionClaims(claims))),
    verify: (token) => rejecting("verify", async () => verify(token, await keys(), given)),
    trackSignature: (tracked) => rejecting("trackSignature", () => signTracking(tracked, trackSecret)),
    endpoint(asked) {
      const serve = runNamed("endpoint", () => endpoint(asked, tokens));
      return (request) => rejecting("endpoint", () => serve(request));
    },
    config: (place) => rejecting("config", () => tokenConfig(given, keys, place)),
  };
  if ("hmac" in given) return tokens;
  const jwks = () =>
    rejecting("jwks", async () => ({ keys: (await keys()).flatMap(({ jwk }) => jwk ?? []) }));
  const headers = { "cache-control": "public, max-age=300" };
  return { ...tokens, jwks, serveJwks: async () => Response.json(await jwks(), { headers }) };
}

/** The same as {@link runNamed} for a method that gives a promise. */
async function rejecting<T>(method: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asTypeError(method, error);
  }
}
