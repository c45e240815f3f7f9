import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { inject } from "vitest";
import type { CentProxy } from "../../src/proxy/index.ts";
import { listen } from "../harness/listening-server.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import type { TransportName } from "./servers.ts";
import { whyNotReal } from "./servers.ts";

/** Why the cases with a proxy cannot run; "" if they can. */
export const obstacle = whyNotReal("a configuration of its own");

/** The title of a suite, with the reason if it is skipped. */
export const titleOf = (what: string) => `${what}${obstacle && ` (skipped: ${obstacle})`}`;

/** A real Centrifugo, and the servers of the proxy that it asks. */
export interface ProxiedCentrifugo extends AsyncDisposable {
  readonly webSocketUrl: string;
  readonly httpUrl: string;
}

/** The secret of signatures for keys that clients track in shared polls. */
export const trackSecret = "a-secret-for-signatures-of-tracked-keys";

type Config = Readonly<Record<string, unknown>>;

/** The tests need more than `proxy.config()`: an HTTP API, short waits, and a secret for tracking. */
const besides: Config = {
  http_api: { key: "api_key" },
  client: { allowed_origins: ["*"], presence_update_interval: "1s", expired_sub_close_delay: "1s" },
  shared_poll: { hmac_secret_key: trackSecret },
};

/**
 * Serves a proxy over HTTP and gRPC, and starts a real Centrifugo with the configuration that `proxy.config()` prints.
 *
 * @param transport carries the unary events; streams always go over gRPC
 * @param namespaces more settings of the namespaces, by their names
 */
export async function startProxied(
  proxy: CentProxy,
  transport: TransportName,
  namespaces: Readonly<Record<string, object>> = {},
  options: object = {},
): Promise<ProxiedCentrifugo> {
  const { location } = inject("realServer");
  if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
  const http = await listen(createServer(proxy.node as RequestListener));
  const grpc = await listen(createHttp2Server(connectNodeAdapter({ routes: proxy.routes })));
  const streamUrl = `grpc://127.0.0.1:${grpc.port}`;
  const url = transport === "http" ? `http://127.0.0.1:${http.port}/centrifugo` : streamUrl;
  const printed = JSON.parse(JSON.stringify(proxy.config({ url, streamUrl, ...options }))) as Config;
  const named = Object.entries(namespaces).map(([name, settings]) => ({ name, ...settings }));
  const config = merged(merged(printed, besides), { channel: { namespaces: named } });
  const server = await startCentrifugoUnchanged(location.binary, JSON.stringify(config));
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Promise.all([http[Symbol.asyncDispose](), grpc[Symbol.asyncDispose]()]);
    },
  };
}

/** Two configurations in one. Namespaces of the same name become one, too. */
function merged(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) {
    const names = new Set([...first, ...second].map(({ name }) => name));
    const find = (list: Config[], name: string) => list.find((one) => one.name === name);
    return [...names].map((name) => merged(find(first, name), find(second, name)));
  }
  if (typeof first !== "object" || typeof second !== "object") return second ?? first;
  const sections = { ...first, ...second } as Config;
  const sectionsOf = (config: object | null, name: string) => (config as Config)[name];
  return Object.fromEntries(
    Object.keys(sections).map((name) => [name, merged(sectionsOf(first, name), sectionsOf(second, name))]),
  );
}
