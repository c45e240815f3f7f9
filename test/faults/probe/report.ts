import type { FaultMethod } from "../fault.ts";

/** A fault for the client's process, by its index: the table has functions, which cannot be sent. */
export interface Task {
  readonly index: number;
  readonly method: FaultMethod;
  readonly port: number;
}

/** The client sends this after its warm-up calls, and gets it back when the server knows. */
export const warm = "warm";

/** The end of one call. */
export interface End {
  /** The name of the error's class; undefined for a call that succeeded. */
  readonly error: string | undefined;
  readonly message: string;
  readonly maybeExecuted: boolean | undefined;
  readonly attempts: number | undefined;
  /** Milliseconds from the call to its end. */
  readonly ms: number;
}

export interface Report {
  readonly ends: readonly End[];
  /** Milliseconds past the deadline, or past the end of the client, less the delay of the event loop. */
  readonly lateMs: number;
  /** Resources that keep the process alive, and were not there before the client. */
  readonly left: readonly string[];
  /** Peak growth of the process in megabytes. Only a fault with its own process gives a true value. */
  readonly grownMb: number;
  /** Uncaught errors, and other events that must never happen. */
  readonly broken: readonly string[];
}
