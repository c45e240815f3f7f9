import type { CentError } from "../errors/cent-error.ts";
import type { CallRecord } from "../errors/map-error.ts";
import { mapError } from "../errors/map-error.ts";

/** The reason why a request has no response, and how often it was sent. */
export class SendFailure {
  /** The error of the transport, or of the caller's function for the key. */
  readonly reason: unknown;
  readonly record: CallRecord;

  constructor(reason: unknown, record: CallRecord) {
    this.reason = reason;
    this.record = record;
  }
}

/** Maps a value that was thrown inside a call to the error that the call rejects with. */
export function callError(thrown: unknown, method: string): CentError {
  if (!(thrown instanceof SendFailure)) return mapError(thrown, method);
  return mapError(thrown.reason, method, thrown.record);
}
