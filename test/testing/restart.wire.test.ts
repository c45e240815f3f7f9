import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { CentNetworkError, createClient } from "../../src/index.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { until } from "../harness/listening-server.ts";
import { resultOf } from "../harness/result-of.ts";

const clientOf = (server: TestServer, transport: "http" | "grpc") =>
  createClient({
    transport,
    url: transport === "http" ? server.httpUrl : server.grpcUrl,
    apiKey: server.apiKey,
  });

async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return once(socket, "connect").then(
    () => socket.destroy() !== undefined,
    () => false,
  );
}

describe.each(["http", "grpc"] as const)("%s", (transport) => {
  test("a restarted server keeps its ports and its state", async () => {
    await using server = await startTestServer();
    await using cent = clientOf(server, transport);
    const addresses = [server.httpUrl, server.grpcUrl];
    const once = { channel: "a", data: 1, idempotencyKey: "once" };
    const { epoch } = await cent.publish(once);
    for (const graceful of [false, true]) {
      await server.restart({ graceful });
      expect([server.httpUrl, server.grpcUrl]).toEqual(addresses);
      await using after = clientOf(server, transport);
      expect(await after.publish(once)).toEqual(resultOf("publish", { offset: 1, epoch }));
      expect(await after.history({ channel: "a", limit: -1 })).toMatchObject({ offset: 1, epoch });
    }
    expect(server.calls.map(({ method }) => method)).toEqual([
      "publish",
      "publish",
      "history",
      "publish",
      "history",
    ]);
  });

  test("a restart ends calls in flight with a network error", async () => {
    await using server = await startTestServer();
    await using cent = clientOf(server, transport);
    server.fail("publish", { delayMs: 500 }, { times: 3 });
    const calls = [1, 2, 3].map(() => cent.publish({ channel: "a", data: 1 }));
    const failed = Promise.all(calls.map((call) => expect(call).rejects.toThrow(CentNetworkError)));
    await until(() => server.calls.length === 3, "the calls arrive");
    await server.restart();
    await failed;
  });

  test("a graceful restart finishes calls in flight, and closes the ports meanwhile", async () => {
    await using server = await startTestServer();
    await using cent = clientOf(server, transport);
    server.fail("publish", { delayMs: 200 });
    const call = cent.publish({ channel: "a", data: 1 });
    await until(() => server.calls.length === 1, "the call arrives");
    const restarted = server.restart({ graceful: true });
    expect(await Promise.all([server.httpUrl, server.grpcUrl].map(listens))).toEqual([false, false]);
    expect(await call).toMatchObject({ offset: 1 });
    await restarted;
    expect(await Promise.all([server.httpUrl, server.grpcUrl].map(listens))).toEqual([true, true]);
  });
});

test("a restarting server is down for downMs", async () => {
  await using server = await startTestServer();
  const begun = performance.now();
  const restarted = server.restart({ downMs: 100 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await listens(server.httpUrl)).toBe(false);
  await restarted;
  expect(performance.now() - begun).toBeGreaterThan(95);
  expect(await listens(server.httpUrl)).toBe(true);
});

test("restarts run one after another", async () => {
  await using server = await startTestServer();
  await Promise.all([{}, { graceful: true }, { downMs: 10 }].map((options) => server.restart(options)));
  expect(await listens(server.httpUrl)).toBe(true);
});

test.each([{ downMs: 60_000 }, { graceful: true }, {}])("close() ends a restart with %o", async (options) => {
  const server = await startTestServer();
  await using cent = clientOf(server, "http");
  server.fail("publish", { delayMs: 60_000 });
  const call = expect(cent.publish({ channel: "a", data: 1 })).rejects.toThrow();
  await until(() => server.calls.length === 1, "the call arrives");
  const restarted = expect(server.restart(options)).rejects.toThrow("the test server was closed");
  const begun = performance.now();
  await server.close();
  expect(performance.now() - begun).toBeLessThan(5_000);
  await Promise.all([restarted, call]);
  expect(await listens(server.httpUrl)).toBe(false);
  await expect(server.restart()).rejects.toThrow("the test server was closed");
});

test("a restart whose port was taken meanwhile rejects, and the next restart tries again", async () => {
  await using server = await startTestServer();
  const restarted = server.restart({ downMs: 200 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { port, hostname } = new URL(server.httpUrl);
  const other = createServer().listen(Number(port), hostname);
  await expect(restarted).rejects.toMatchObject({ code: "EADDRINUSE" });
  await new Promise((resolve) => other.close(resolve));
  await server.restart();
  expect(await listens(server.httpUrl)).toBe(true);
});
