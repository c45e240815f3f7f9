import type { FaultMethod } from "../fault.ts";

/** A fault as the process of the client is told of it: the tables have functions, so it takes its part from there. */
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
  /** Resources that keep the process alive, and that it did not have before the client. */
  readonly left: readonly string[];
  /** Megabytes that the process had more than before, at most; measured where the fault has a process of its own. */
  readonly grownMb: number;
  /** Errors that nobody caught, and whatever else may never happen. */
  readonly broken: readonly string[];
}
