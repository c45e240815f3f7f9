import { readMessage } from "../../codec/json/read-message.ts";
import { plainRequest } from "../calls.ts";
import type { RefusedError } from "../clients/refused-error.ts";
import { refused } from "../clients/refused-error.ts";
import { eventNamed } from "./event-request.ts";
import type { Result } from "./proxy-answer.ts";

/** The part of `createTokens` that a test server needs. */
export interface TokenVerifier {
  verify(token: string): Promise<object>;
}

/**
 * The claims of a token as a handler's result, which has the same names.
 *
 * @throws RefusedError 109 for a token that has expired, else the given one
 */
export async function tokenResult(
  event: "connect" | "subscribe",
  tokens: TokenVerifier | undefined,
  token: string,
  otherwise: RefusedError,
): Promise<Result & { readonly sub?: unknown; readonly channel?: unknown }> {
  if (tokens === undefined)
    throw new TypeError(`${event}: a token needs the server's option \`tokens\`, made by createTokens`);
  let claims: { sub?: string; channel?: string; exp?: number; expire_at?: number };
  try {
    claims = await tokens.verify(token);
  } catch (error) {
    throw (error as { code?: unknown }).code === "ERR_JWT_EXPIRED" ? refused(109) : otherwise;
  }
  const { sub, channel, exp, expire_at = exp } = claims;
  const { result } = eventNamed(event);
  const json = JSON.stringify({ ...claims, user: sub, expire_at });
  return { ...plainRequest(result, readMessage(result, json)), sub, channel };
}
