import type { ClientOptions } from "tscent";

/** How a client of the run is set up. */
export type Mode = "keys" | "defaults";

/**
 * - keys: each call is sent until it succeeds, with an idempotency key, so each must succeed
 * - defaults: a call may fail, and says whether it was perhaps executed. Each fiftieth call has a short deadline
 */
export const modes: Readonly<Record<Mode, Pick<ClientOptions, "retry" | "timeoutMs">>> = {
  keys: { retry: { idempotencyKeys: true, maxAttempts: 20, budget: false }, timeoutMs: 30_000 },
  defaults: { timeoutMs: 10_000 },
};

export interface ClientTask {
  readonly transport: "http" | "grpc";
  readonly url: string;
  readonly apiKey: string;
  readonly mode: Mode;
  readonly seconds: number;
  /** How many calls are under way at the same time. */
  readonly inFlight: number;
}

/** How a call ended. */
export const outcome = { succeeded: 1, maybeExecuted: 2, notExecuted: 3 } as const;

/** The report of a client at its end. */
export interface ClientReport {
  /** By the number of the call. */
  readonly outcomes: Uint8Array;
  /** The longest time in milliseconds from a deadline to the end of its call, less the delay of the event loop. */
  readonly worstLatenessMs: number;
  /** How often calls failed, by the class and the words of the error. */
  readonly errors: ReadonlyMap<string, number>;
  /** Faults of the SDK: unhandled rejections, and errors that are not a CentError. */
  readonly faults: readonly string[];
  /** Resources that are still open after `close()`. */
  readonly leftOpen: readonly string[];
}

const channels = 50;

/** The channel of a call. Its data is its number. */
export function channelOf(call: number): string {
  return `chaos_${call % channels}`;
}

export const allChannels: readonly string[] = Array.from({ length: channels }, (_, index) =>
  channelOf(index),
);
