import type { DescService, Message } from "@bufbuild/protobuf";
import type { Int64 } from "../codec/integers.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import type { ProxyEvent } from "./event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { Patterns } from "./patterns.ts";
import type { SharedSecret } from "./shared-secret.ts";

export type AnyHandler = (request: never, context: ProxyContext) => unknown;

/** Where a handler failed. */
export interface ProxyFailure {
  /** The event's name among the handlers: `subRefresh`. */
  readonly event: string;
  /** The channel or method of the request; undefined for an event without either. */
  readonly key: string | undefined;
}

/** What both transports need of a proxy. */
export interface ProxyCore {
  readonly service: DescService;
  readonly events: readonly ProxyEvent[];
  readonly secret: SharedSecret;
  readonly int64: Int64;
  readonly maxBodyBytes: number;
  /** The handlers of each event that has some, by its name. */
  readonly handlers: ReadonlyMap<string, AnyHandler | Patterns<AnyHandler>>;
  readonly report: (error: unknown, failure: ProxyFailure, signal?: AbortSignal) => void;
}

/** The channel or method of a request. */
export function keyOf({ key }: ProxyEvent, request: Message): string | undefined {
  return key === undefined ? undefined : (fieldsOf(request)[key] as string);
}

/** The handler of a request; undefined if there is none. */
export function handlerOf(
  { handlers }: ProxyCore,
  event: ProxyEvent,
  key: string | undefined,
): AnyHandler | undefined {
  const given = handlers.get(event.name);
  return typeof given === "object" ? given.find(key ?? "") : given;
}

/** Calls the caller's `onError`, whose own errors go to the console. An end of the client is no failure. */
export function reporter(onError: (error: unknown, failure: ProxyFailure) => unknown): ProxyCore["report"] {
  return (error, failure, signal) => {
    if (signal?.aborted && (error === signal.reason || isAbortError(error))) return;
    const failed = (reason: unknown) => console.error("tscent/proxy: onError failed:", reason);
    try {
      Promise.resolve(onError(error, failure)).catch(failed);
    } catch (reason) {
      failed(reason);
    }
  };
}

const isAbortError = (error: unknown) => error instanceof Error && error.name === "AbortError";
