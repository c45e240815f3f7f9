import { shortLine } from "../codec/one-line.ts";
import { asPathError } from "../codec/path-error.ts";
import type { CentError } from "../errors/cent-error.ts";
import { mapError } from "../errors/map-error.ts";

/**
 * Makes a CentRequestError of anything that a check of a caller's value throws. A getter may throw any value.
 *
 * @param method the method that the caller gave, for the message
 * @param maker the function that was called, for the message if `method` is no string
 */
export function refusal(thrown: unknown, method: unknown, maker: string): CentError {
  return mapError(asPathError(thrown), typeof method === "string" ? shortLine(method) : maker);
}

/** The method of a command, which may be anything; undefined if reading it fails. */
export function methodIn(command: unknown): unknown {
  try {
    return (command as { method?: unknown } | null | undefined)?.method;
  } catch {
    return undefined;
  }
}
