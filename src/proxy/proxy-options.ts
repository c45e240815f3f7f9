import type { ProxyHandlers } from "../../gen/centrifugal/centrifugo/proxy/proxy_handlers.ts";
import type { Int64 } from "../codec/integers.ts";
import { runNamed } from "../codec/path-error.ts";
import type { JsonOptions } from "../codec/payload.ts";
import type { OptionCheck } from "../options/option-checks.ts";
import {
  callback,
  count,
  definedChannels,
  definedMethods,
  expectOptions,
  isFunction,
  isObject,
  jsonFunctions,
} from "../options/option-checks.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import type { ProxyFailure } from "./proxy-core.ts";
import { checkSecret } from "./shared-secret.ts";

/** Options of `createProxy`: the handlers of the events, and these. */
export interface ProxyOptions<Mode extends Int64 = "number"> extends ProxyHandlers<Mode> {
  /**
   * The secret that Centrifugo sends with each request, or several of them while it changes: requests with any of them are
   * taken, and `config()` has the first. False says that only the network protects the proxy. Required.
   */
  readonly secret: string | readonly string[] | false | undefined;
  /** The header with the secret, over gRPC the `credentials_key`. Default `x-centrifugo-secret`. */
  readonly secretHeader?: string | undefined;
  /** The longest request, in bytes; a longer one gets status 413, or RESOURCE_EXHAUSTED. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** The type of 64-bit integers in requests. A number that is not exact is refused. Default `number`. */
  readonly int64?: Mode | undefined;
  /** Functions to use for data in place of `JSON.stringify` and `JSON.parse`, which rounds integers beyond 2^53. */
  readonly json?: JsonOptions | undefined;
  /**
   * Takes what handlers throw by accident, results that must not be sent, and requests that cannot be read. Clients see
   * none of it. By default `console.error`, with the event and its channel or method.
   */
  readonly onError?: ((error: unknown, failure: ProxyFailure) => unknown) | undefined;
}

/** @throws TypeError naming the option or event that is wrong, and never showing a secret */
export function checkProxyOptions(options: ProxyOptions, events: readonly ProxyEvent[]): void {
  const checks = new Map<string, OptionCheck>([
    ...events.map((event): [string, OptionCheck] => [event.name, handlerCheck(event)]),
    ["secret", checkSecret],
    ["secretHeader", (name) => /^[\w!#$%&'*+.^`|~-]+$/.test(String(name)) || "the name of a header"],
    ["maxBodyBytes", count],
    ["int64", (mode) => mode === "number" || mode === "bigint" || '"number" or "bigint"'],
    ["json", jsonFunctions],
    ["onError", callback],
    ["channels", definedChannels],
    ["methods", definedMethods],
  ]);
  // Null, as a check sees no undefined, which means the default elsewhere.
  const given = { ...options, secret: options?.secret ?? null };
  runNamed("createProxy", () => expectOptions(given, checks));
}

function handlerCheck({ key }: ProxyEvent): OptionCheck {
  if (key === undefined) return callback;
  const example = key === "channel" ? "chat:*" : "chat.rename";
  return (given) =>
    (isObject(given) && Object.values(given).every(isFunction)) ||
    `handlers by ${key}, such as { "${example}": async () => … }`;
}
