import type {
  ConnectionTokenOptions,
  EndpointOptions,
  SubscriptionTokenOptions,
  TrackSignatureOptions,
} from "../options/token-options.ts";
import type { PublicJwk } from "./keys.ts";
import type { TokenConfig } from "./token-config.ts";
import type { VerifiedClaims } from "./verify.ts";

/** Makes and verifies tokens. A method with a wrong option rejects with a TypeError that names both. */
export interface Tokens {
  /** Makes the JWT with which a client connects. */
  connection(options: ConnectionTokenOptions): Promise<string>;
  /** Makes the JWT with which a client of the same user subscribes to one channel. */
  subscription(options: SubscriptionTokenOptions): Promise<string>;
  /** Makes the signature, which is no JWT, with which a client tracks keys of a shared-poll channel. */
  trackSignature(options: TrackSignatureOptions): Promise<string>;
  /** Verifies signature, times, audience and issuer. Rejects with an error of jose, whose `code` is `ERR_JWT_EXPIRED` or other. */
  verify(token: string): Promise<VerifiedClaims>;
  /**
   * Makes a fetch handler for centrifuge-js's `getToken`. It answers `{ "token": "…" }` to a GET or POST: for the `channel`
   * in the query or in the body's JSON, or without one for the connection. Status 403 is for users who may not, 400, 405
   * and 413 for wrong requests. An error of your functions rejects.
   */
  endpoint(options: EndpointOptions): (request: Request) => Promise<Response>;
  /**
   * The part of Centrifugo's config.json that verifies these tokens. console.log hides its secrets, JSON.stringify does not.
   *
   * @param options.jwksUrl the address of `serveJwks`; required for EdDSA, and for `previous` keys
   */
  config(options?: { readonly jwksUrl?: string | undefined }): Promise<TokenConfig>;
}

/** Makes and verifies tokens signed with a private key. */
export interface PublicKeyTokens extends Tokens {
  /** The public keys: the one that signs, and those before it. */
  jwks(): Promise<{ readonly keys: readonly PublicJwk[] }>;
  /** A fetch handler that serves the public keys to Centrifugo, which keeps them for an hour. */
  serveJwks(request?: Request): Promise<Response>;
}
