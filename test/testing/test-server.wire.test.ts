import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { createTestClient, startTestServer } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";

test("every server has its own state, on its own ports", async () => {
  await using first = await startTestServer();
  await using second = await startTestServer();
  expect(new Set([first.httpUrl, first.grpcUrl, second.httpUrl, second.grpcUrl]).size).toBe(4);
  const clients = [first, second].map(({ httpUrl: url, apiKey }) => createClient({ url, apiKey }));
  for (const client of clients)
    expect(await client.publish({ channel: "a", data: 1 })).toMatchObject({ offset: 1 });
  expect(first.calls).toHaveLength(1);
  const { client } = createTestClient();
  expect(await client.publish({ channel: "a", data: 1 })).toMatchObject({ offset: 1 });
});

test("both transports share one state", async () => {
  await using server = await startTestServer();
  const { apiKey } = server;
  await using http = createClient({ url: server.httpUrl, apiKey });
  await using grpc = createClient({ transport: "grpc", url: server.grpcUrl, apiKey });
  const { epoch } = await http.publish({ channel: "a", data: { from: "http" } });
  await grpc.publish({ channel: "a", data: { from: "grpc" } });
  const expected = resultOf("history", {
    publications: [
      { data: { from: "http" }, offset: 1, tags: {} },
      { data: { from: "grpc" }, offset: 2, tags: {} },
    ],
    offset: 2,
    epoch,
  });
  expect(await http.history({ channel: "a", limit: -1 })).toEqual(expected);
  expect(await grpc.history({ channel: "a", limit: -1 })).toEqual(expected);
});

test("close() ends open connections, waiting calls and connected clients at once", async () => {
  const server = await startTestServer();
  const client = server.connect();
  server.fail("info", { delayMs: 60_000 });
  const waiting = createClient({ url: server.httpUrl, apiKey: server.apiKey }).info();
  const failed = expect(waiting).rejects.toThrow();
  const { port } = new URL(server.httpUrl);
  const idle = connectTcp(Number(port), "127.0.0.1");
  const session = connectHttp2(server.grpcUrl);
  session.on("error", () => {
    // A session that is cut off may emit an error.
  });
  await Promise.all([once(idle, "connect"), once(session, "connect")]);
  while (server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const ended = Promise.all([once(idle, "close"), once(session, "close")]);
  const begun = performance.now();
  await server.close();
  await ended;
  expect(performance.now() - begun).toBeLessThan(5_000);
  await failed;
  expect(client.disconnected).toEqual({ code: 3001, reason: "shutdown" });
  await server.close();
});

test("a process that closed its server can exit", async () => {
  const source = `
    import { startTestServer } from ${JSON.stringify(import.meta.resolve("../../src/testing/index.ts"))};
    const server = await startTestServer();
    await fetch(server.httpUrl + "/channels", { method: "POST", body: "{}" });
    await server.close();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--conditions=tscent-source", "-e", source], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});

test("startTestServer takes a host and ports, and rejects if a port is in use", async () => {
  await using server = await startTestServer({ host: "localhost" });
  const port = Number(new URL(server.httpUrl).port);
  expect(server.httpUrl).toBe(`http://localhost:${port}/api`);
  const inUse = { code: "EADDRINUSE" };
  await expect(startTestServer({ host: "localhost", httpPort: port })).rejects.toMatchObject(inUse);
  await using other = await startTestServer({ host: "localhost" });
  const free = Number(new URL(other.httpUrl).port);
  await other.close();
  const start = startTestServer({ host: "localhost", httpPort: free, grpcPort: port });
  await expect(start).rejects.toMatchObject(inUse);
  // The HTTP server, which could start, was stopped again.
  await (await startTestServer({ host: "localhost", httpPort: free })).close();
});

test("a test server can have gRPC turned off, and the key of gRPC only", async () => {
  await using server = await startTestServer({ config: { grpc_api: { enabled: false, key: "g" } } });
  expect(() => server.grpcUrl).toThrow("grpc_api.enabled");
  expect(server.apiKey).toBe("g");
});
