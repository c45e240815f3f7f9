import type { ConnectRouter } from "@connectrpc/connect";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { eventTable } from "../schema/event-table.ts";
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
import { checkProxyOptions } from "./proxy-options.ts";
import { proxyPayload } from "./proxy-payload.ts";
import { sharedSecret } from "./shared-secret.ts";

/** Answers Centrifugo's requests. Its functions need no `this`. */
export interface CentProxy {
  /** Serves HTTP in Next.js, Hono, Bun, Deno, Cloudflare Workers and the like. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Serves HTTP in `node:http`, Express and the like. Mount it before a parser of bodies. */
  readonly node: (request: NodeRequest, response: NodeResponse) => Promise<void>;
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
  const core = coreOf(options as unknown as ProxyOptions);
  return {
    fetch: fetchHandler(core),
    node: nodeHandler(core),
    routes: grpcRoutes(core),
    config: (given) => proxyConfig(core, given),
  };
}

function coreOf(options: ProxyOptions): ProxyCore {
  const events = eventTable(CentrifugoProxy);
  checkProxyOptions(options, events);
  const { secret = false, secretHeader = "x-centrifugo-secret", maxBodyBytes = 1024 * 1024 } = options;
  return {
    events,
    secret: sharedSecret(secret, secretHeader.toLowerCase()),
    int64: options.int64 ?? "number",
    payload: proxyPayload(options.json),
    maxBodyBytes,
    report: reporter(options.onError ?? ((error, at) => console.error("tscent/proxy:", at, error))),
    handlers: new Map(events.flatMap((event) => handlersOf(event, options))),
  };
}

function handlersOf({ name, key }: ProxyEvent, options: ProxyOptions) {
  const given: unknown = options[name as keyof ProxyOptions];
  if (given === undefined) return [];
  const compiled = key && compilePatterns(name, key, given as Readonly<Record<string, AnyHandler>>);
  return [[name, compiled ?? (given as AnyHandler)] as const];
}
