import { createServer } from "node:http";
import { afterAll, expect, test, vi } from "vitest";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import type { ListeningServer } from "../../harness/listening-server.ts";
import { listen, until } from "../../harness/listening-server.ts";

const pools: { origin: unknown; options: Record<string, unknown> }[] = [];

const connectors: object[] = [];

// Another test of this process may have loaded the sources with the real module.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());
vi.mock("../../../src/transport/http/load-undici.ts", async (original) => {
  const { loadUndici } = await original<typeof import("../../../src/transport/http/load-undici.ts")>();
  const undici = await loadUndici(false);
  class Pool extends undici.Pool {
    constructor(origin: string, options: Record<string, unknown>) {
      super(origin, options);
      pools.push({ origin, options });
    }
  }
  const buildConnector: typeof undici.buildConnector = (options) => {
    connectors.push({ ...options });
    return undici.buildConnector(options);
  };
  return { loadUndici: async () => ({ Pool, buildConnector }) };
});

/** A server that never ends a connection by itself, and may announce a keep-alive. */
function keeping(announced?: string): Promise<ListeningServer> {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.resume();
    if (announced !== undefined) response.setHeader("keep-alive", announced);
    response.end('{"result":{}}');
  });
  return listen(server);
}

test("an idle connection is closed after http.keepAliveMs", async () => {
  for (const announced of [undefined, "timeout=60"]) {
    await using server = await keeping(announced);
    await using client = clientOf("http", server, { http: { keepAliveMs: 60 } });
    await client.info();
    expect(server.sockets.size).toBe(1);
    await until(() => server.sockets.size === 0, "the idle connection is closed");
    await client.info();
    expect(server.accepted()).toBe(2);
  }
});

test("a connection that the server is about to close is not used again", async () => {
  await using server = await keeping("timeout=1");
  await using client = clientOf("http", server);
  await client.info();
  await until(() => server.sockets.size === 0, "the connection is closed");
  await client.info();
  expect(server.accepted()).toBe(2);
});

test("a connection is kept for as long as the server announces", async () => {
  await using server = await keeping("timeout=60");
  await using client = clientOf("http", server);
  await client.info();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.sockets.size).toBe(1);
});

test("the pool gets the client's settings, or their defaults", async () => {
  await using server = await keeping();
  const common = { headersTimeout: 0, bodyTimeout: 0 };
  pools.length = connectors.length = 0;
  await using _plain = clientOf("http", server);
  await until(() => pools.length === 1, "the pool was made");
  expect(pools).toMatchObject([
    {
      origin: `http://127.0.0.1:${server.port}`,
      options: { ...common, connections: 64, keepAliveTimeout: 4_000 },
    },
  ]);
  expect(pools[0]?.options).not.toHaveProperty("keepAliveMaxTimeout");
  await using _special = clientOf("http", server, {
    maxInFlight: 7,
    connectTimeoutMs: 800,
    socketPath: "/nowhere.sock",
    http: { keepAliveMs: 900 },
  });
  await until(() => pools.length === 2, "the second pool was made");
  expect(pools[1]?.options).toMatchObject({
    ...common,
    connections: 7,
    keepAliveTimeout: 900,
    keepAliveMaxTimeout: 900,
  });
  expect(connectors).toMatchObject([
    { allowH2: false, timeout: 10_000 },
    { allowH2: false, timeout: 800, socketPath: "/nowhere.sock" },
  ]);
});

test("a call whose connection could not be made is reported as not executed", async () => {
  await using server = await keeping();
  await using client = clientOf("http", server, { socketPath: "/nowhere.sock" });
  expect(await rejection(client.info())).toMatchObject({
    name: "CentNetworkError",
    code: "ENOENT",
    maybeExecuted: false,
  });
});
