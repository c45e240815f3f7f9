import { CentError } from "../errors/cent-error.ts";
import type { Arguments, OptionKinds } from "./arguments.ts";

/** The environment, the inputs and the outputs of the program. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The standard input. An aborted signal ends it with an error, even while nothing comes. */
  readonly input: (signal?: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Writes to the standard output. Throws if it cannot. */
  readonly out: (text: string) => void | Promise<void>;
  /** Writes to the error output. */
  readonly complain: (text: string) => void | Promise<void>;
  /** Shows a line on the terminal in place of the one before; undefined if the error output is no terminal. */
  readonly progress?: ((line: string) => void) | undefined;
  /** Calls back at the first Ctrl-C, which then does not end the program. The second one does. */
  readonly onInterrupt?: ((listener: () => void) => void) | undefined;
}

/** A command of the program. */
export interface Command {
  /** Its options, besides `--help` and `--json`. */
  readonly options: OptionKinds;
  /** Whether words may follow the command. Default false. */
  readonly takesWords?: boolean;
  /** The lines of `--help`. */
  readonly help: () => readonly string[] | Promise<readonly string[]>;
  /** Runs the command, and resolves to the exit code. */
  readonly run: (given: Arguments, surroundings: Surroundings) => Promise<number>;
}

/** The exit codes, by the names of the error classes. */
const exitCodes: Readonly<Record<string, number>> = {
  CentRequestError: 2,
  CentApiResponseError: 3,
  CentNetworkError: 4,
  CentTimeoutError: 5,
  CentUnauthorizedError: 6,
  CentUnimplementedError: 7,
  CentTransportError: 8,
  CentDecodeError: 9,
};

/** Some items of a request failed, or the client did in a way that no other code names. */
export const someFailed = 1;
/** The exit code for a wrong command line, a file that cannot be read, and an output that cannot be written. */
export const wrongUse = 2;

/** The user ended the command with Ctrl-C: 128 and the number of SIGINT, as shells have it. */
export const interrupted = 130;

/** The exit code of an error: by the class of a call's error, else the one for a wrong use. */
export function exitCodeOf(error: Error): number {
  return error instanceof CentError ? (exitCodes[error.name] ?? someFailed) : wrongUse;
}
