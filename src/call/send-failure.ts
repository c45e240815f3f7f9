import type { CentError } from "../errors/cent-error.ts";
import type { CallRecord } from "../errors/map-error.ts";
import { mapError } from "../errors/map-error.ts";

/** Why a request has no response, and how often it was sent. */
export class SendFailure {
  /** The error of the transport, or of the function that is asked for the key. */
  readonly reason: unknown;
  readonly record: CallRecord;

  constructor(reason: unknown, record: CallRecord) {
    this.reason = reason;
    this.record = record;
  }
}

/** The error that a call rejects with for what was thrown in it. */
export function callError(thrown: unknown, method: string): CentError {
  if (!(thrown instanceof SendFailure)) return mapError(thrown, method);
  return mapError(thrown.reason, method, thrown.record);
}
