import type { ConnectRouter } from "@connectrpc/connect";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { describe, expectObject } from "../codec/caller-values.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ProxyEvent } from "./event-table.ts";
import { eventTable } from "./event-table.ts";
import { fetchHandler } from "./fetch-handler.ts";
import { grpcRoutes } from "./grpc-routes.ts";
import type { NodeRequest, NodeResponse } from "./node-handler.ts";
import { nodeHandler } from "./node-handler.ts";
import { compilePatterns } from "./patterns.ts";
import type { ProxyConfig, ProxyConfigOptions } from "./proxy-config.ts";
import { proxyConfig } from "./proxy-config.ts";
import type { AnyHandler, ProxyCore } from "./proxy-core.ts";
import { reporter } from "./proxy-core.ts";
import type { ProxyOptions } from "./proxy-options.ts";
import { sharedSecret } from "./shared-secret.ts";

/** What answers Centrifugo's requests. Its functions need no `this`. */
export interface CentProxy {
  /** Serves HTTP in Next.js, Hono, Bun, Deno, Cloudflare Workers and the like. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Serves HTTP in `node:http`, Express and the like. Mount it before a parser of bodies. */
  readonly node: (request: NodeRequest, response: NodeResponse) => void;
  /** Serves gRPC: the `routes` of any adapter of Connect, such as `connectNodeAdapter`. */
  readonly routes: (router: ConnectRouter) => ConnectRouter;
  /**
   * The part of Centrifugo's configuration that makes it ask these handlers. `JSON.stringify` shows the secret, logs do not.
   *
   * @throws TypeError for options that do not suit the handlers, or let clients send the secret's header
   */
  readonly config: (options: ProxyConfigOptions) => ProxyConfig;
}

/**
 * Makes the proxy of an application: handlers that decide what clients of Centrifugo may do, and answer their calls.
 *
 * @throws TypeError naming the option, event or pattern that is wrong
 */
export function createProxy<const Mode extends Int64 = "number">(options: ProxyOptions<Mode>): CentProxy {
  const core = coreOf(options as ProxyOptions);
  return {
    fetch: fetchHandler(core),
    node: nodeHandler(core),
    routes: grpcRoutes(core),
    config: (given) => proxyConfig(core, given),
  };
}

const optionNames = ["secret", "secretHeader", "maxBodyBytes", "int64", "onError"];

function coreOf(options: ProxyOptions): ProxyCore {
  const given = expectOptions(options);
  const { secret, secretHeader, maxBodyBytes = 1024 * 1024, int64 = "number", onError = logged } = options;
  expect(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0, "maxBodyBytes", "a number of bytes");
  expect(int64 === "number" || int64 === "bigint", "int64", '"number" or "bigint"');
  expect(typeof onError === "function", "onError", "a function");
  const events = eventTable(CentrifugoProxy);
  const known = [...events.map(({ name }) => name), ...optionNames];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const guess = didYouMean(name, known) ?? `expected one of ${known.join(", ")}`;
    throw new TypeError(`createProxy: ${name}: unknown event or option; ${guess}`);
  }
  return {
    service: CentrifugoProxy,
    events,
    secret: sharedSecret(secret, secretHeader),
    int64,
    maxBodyBytes,
    report: reporter(onError),
    handlers: new Map(
      events.flatMap((event): [string, ReturnType<typeof handlersOf>][] =>
        given[event.name] === undefined ? [] : [[event.name, handlersOf(event, given[event.name])]],
      ),
    ),
  };
}

function handlersOf({ name, key }: ProxyEvent, given: unknown) {
  if (key === undefined) return expectFunction(name, given);
  const example = key === "channel" ? "chat:*" : "chat.rename";
  expect(typeof given !== "function", name, `handlers by ${key}, such as { "${example}": … }`);
  expect(typeof given === "object" && given !== null, name, `handlers by ${key}`);
  const entries = Object.entries(given as object).filter(([, handler]) => handler !== undefined);
  for (const [pattern, handler] of entries) expectFunction(`${name}["${pattern}"]`, handler);
  return compilePatterns<AnyHandler>(name, key, Object.fromEntries(entries));
}

function expectFunction(place: string, handler: unknown): AnyHandler {
  expect(typeof handler === "function", place, `a function, got ${describe(handler)}`);
  return handler as AnyHandler;
}

function expectOptions(options: unknown): Readonly<Record<string, unknown>> {
  try {
    return expectObject(options);
  } catch (cause) {
    throw new TypeError("createProxy: expected an object with handlers", { cause });
  }
}

function expect(holds: boolean, place: string, expected: string): asserts holds {
  if (!holds) throw new TypeError(`createProxy: ${place}: expected ${expected}`);
}

const logged = (error: unknown) => console.error("tscent/proxy:", error);
