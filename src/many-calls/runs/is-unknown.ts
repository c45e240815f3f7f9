import type { CentError } from "../../errors/cent-error.ts";
import {
  CentApiResponseError,
  CentRequestError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "../../errors/cent-error.ts";
import { wasNotExecuted } from "../../errors/not-executed.ts";

const refusals = [CentApiResponseError, CentRequestError, CentUnauthorizedError, CentUnimplementedError];

/** What a connection that was not made says, of whichever runtime. */
const connectCalls: readonly unknown[] = ["connect", "getaddrinfo"];
const connectCodes: readonly unknown[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
];

/**
 * Whether a request that was sent may have been executed though it failed.
 *
 * @param thrown what the transport threw, or what the response was found to be
 * @param error what was made of it
 */
export function isUnknown(thrown: unknown, error: CentError): boolean {
  const isRefused = refusals.some((refusal) => error instanceof refusal);
  return !isRefused && !wasNotExecuted(thrown) && !isUnconnected(thrown);
}

/** Whether there was no connection, so that nothing was sent. */
function isUnconnected(thrown: unknown): boolean {
  const seen = new Set<unknown>();
  for (let link = thrown; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link);
    if ("code" in link && connectCodes.includes(link.code)) return true;
    if ("syscall" in link && connectCalls.includes(link.syscall)) return true;
  }
  return false;
}
