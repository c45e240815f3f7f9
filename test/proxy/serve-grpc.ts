import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach } from "vitest";
import type { CentProxy } from "../../src/proxy/index.ts";
import { GrpcClient } from "./grpc-client.ts";

export const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
export const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** Functions that run after each test. */
export const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Serves the routes of a proxy, and connects a client. Both end with the test. */
export async function serve(proxy: CentProxy, headers: readonly (readonly [string, string])[] = []) {
  const server = createServer(connectNodeAdapter({ routes: proxy.routes })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new GrpcClient((server.address() as AddressInfo).port, headers);
  closers.push(() => {
    client.close();
    server.close();
  });
  return client;
}
