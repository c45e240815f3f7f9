import type { ConnectRouter } from "@connectrpc/connect";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import type { DefinedChannels, DefinedMethods } from "../channels/define-channels.ts";
import { compilePatterns, patternProblem } from "../channels/patterns.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { eventTable } from "../schema/event-table.ts";
import type { DefinedProxyOptions, Definitions } from "./definitions/defined-options.ts";
import { fetchHandler } from "./fetch-handler.ts";
import { grpcRoutes } from "./grpc-routes.ts";
import type { NodeRequest, NodeResponse } from "./node-handler.ts";
import { nodeHandler } from "./node-handler.ts";
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
export function createProxy<
  const Published extends string,
  const Called extends string,
  const Defined extends DefinedChannels = DefinedChannels<object, "allow">,
  const Rpc extends DefinedMethods = DefinedMethods<object, "allow">,
  const Mode extends Int64 = "number",
>(options: DefinedProxyOptions<Defined, Rpc, Published, Called, Mode>): CentProxy;
export function createProxy<const Mode extends Int64 = "number">(options: ProxyOptions<Mode>): CentProxy;
export function createProxy(options: object): CentProxy {
  const core = coreOf(options as ProxyOptions & Definitions);
  return {
    fetch: fetchHandler(core),
    node: nodeHandler(core),
    routes: grpcRoutes(core),
    config: (given) => proxyConfig(core, given),
  };
}

function coreOf(options: ProxyOptions & Definitions): ProxyCore {
  const events = eventTable(CentrifugoProxy);
  checkProxyOptions(options, events);
  const { secret = false, secretHeader = "x-centrifugo-secret", maxBodyBytes = 1024 * 1024 } = options;
  return {
    events,
    secret: sharedSecret(secret, secretHeader.toLowerCase()),
    int64: options.int64 ?? "number",
    payload: proxyPayload(options.json),
    maxBodyBytes,
    definitions: new Map([
      ["publish", options.channels],
      ["rpc", options.methods],
    ]),
    report: reporter(options.onError ?? ((error, at) => console.error("tscent/proxy:", at, error))),
    handlers: new Map(events.flatMap((event) => handlersOf(event, options))),
  };
}

function handlersOf({ name, key }: ProxyEvent, options: ProxyOptions) {
  const given: unknown = options[name as keyof ProxyOptions];
  if (given === undefined) return [];
  const problemOf = key === "channel" ? channelProblem : patternProblem;
  const handlers = given as Readonly<Record<string, AnyHandler>>;
  const compiled = key && compilePatterns(`createProxy: ${name}`, handlers, problemOf);
  return [[name, compiled ?? (given as AnyHandler)] as const];
}

/** Why Centrifugo never asks about the channels of a pattern. A client of the API may publish to them. */
function channelProblem(text: string): string | undefined {
  if (text.startsWith("$"))
    return "Centrifugo never asks about channels that begin with $; it wants a subscription token";
  if (text.includes("#"))
    return "Centrifugo never asks about channels with #; it admits the users whom the name lists";
  return patternProblem(text);
}
