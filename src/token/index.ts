// The public contract of tscent/token: tokens that let users into Centrifugo. All other exports of this folder are internal.
import "../check-node.ts";

export type { Duration, Time } from "../options/time-checks.ts";
export type * from "../options/token-key-options.ts";
export type * from "../options/token-options.ts";
export { createTokens } from "./create-tokens.ts";
export type { PublicJwk } from "./keys.ts";
export type { TokenConfig } from "./token-config.ts";
export type { PublicKeyTokens, Tokens } from "./tokens.ts";
export type { VerifiedClaims } from "./verify.ts";
