import type { DefinedMethods } from "../channels/define-channels.ts";
import type { Patterns } from "../channels/patterns.ts";
import type { Int64 } from "../codec/integers.ts";
import { asTypeError } from "../codec/path-error.ts";
import type { Payload } from "../codec/payload.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { SharedSecret } from "./shared-secret.ts";

export type AnyHandler = (request: never, context: ProxyContext) => unknown;

/** Where a handler failed. */
export interface ProxyFailure {
  /** The event's name among the handlers: `subRefresh`. */
  readonly event: string;
  /** The channel or method of the request; undefined for an event without either. */
  readonly key: string | undefined;
}

/** The parts of a proxy that both transports need. */
export interface ProxyCore {
  readonly events: readonly ProxyEvent[];
  readonly secret: SharedSecret;
  readonly int64: Int64;
  readonly payload: Payload;
  readonly maxBodyBytes: number;
  /** The handlers of each event that has some, by its name. */
  readonly handlers: ReadonlyMap<string, AnyHandler | Patterns<AnyHandler>>;
  /** The definitions of the channels or methods of an event, by its name. */
  readonly definitions: ReadonlyMap<string, DefinedMethods | undefined>;
  readonly report: (error: unknown, failure: ProxyFailure, signal?: AbortSignal) => unknown;
}

/** Calls the caller's `onError`, whose own errors go to the console. An end of the client is no failure. */
export function reporter(onError: (error: unknown, failure: ProxyFailure) => unknown): ProxyCore["report"] {
  return async (error, failure, signal) => {
    const isAbort = error instanceof Error && error.name === "AbortError";
    if (signal?.aborted && (error === signal.reason || isAbort)) return;
    try {
      await onError(asTypeError(failure.event, error), failure);
    } catch (reason) {
      console.error("tscent/proxy: onError failed:", reason);
    }
  };
}
