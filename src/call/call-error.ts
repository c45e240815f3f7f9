import type { CentError } from "../errors/cent-error.ts";
import { mapError } from "../errors/map-error.ts";
import { SendFailure } from "./send.ts";

/** The error that a call rejects with for what was thrown in it. */
export function callError(thrown: unknown, method: string): CentError {
  return thrown instanceof SendFailure
    ? mapError(thrown.reason, method, thrown.withKey)
    : mapError(thrown, method);
}
