import { describe, expect, onTestFinished, test } from "vitest";
import {
  CentApiResponseError,
  CentNetworkError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
  createClient,
} from "../../src/index.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { createTestClient, startTestServer } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";

/** A new server for each test: a call that timed out may reach it after the end of its test. */
async function started(): Promise<TestServer> {
  const server = await startTestServer();
  onTestFinished(() => server.close());
  return server;
}

const setUps = {
  async http() {
    const server = await started();
    return { server, client: createClient({ url: server.httpUrl, apiKey: server.apiKey }) };
  },
  async grpc() {
    const server = await started();
    return {
      server,
      client: createClient({ transport: "grpc", url: server.grpcUrl, apiKey: server.apiKey }),
    };
  },
  memory: async () => createTestClient(),
};

describe.each(["http", "grpc", "memory"] as const)("over %s", (transport) => {
  const setUp = setUps[transport];

  const publication = { channel: "a", data: 1 };

  test.each([
    [{ code: 100 }, CentApiResponseError, { code: 100, serverMessage: "internal server error" }],
    [{ code: 999, message: "own" }, CentApiResponseError, { code: 999, serverMessage: "own" }],
    [{ status: 401 }, CentUnauthorizedError, {}],
    [{ status: 404 }, CentUnimplementedError, {}],
    [{ status: 503 }, CentTransportError, transport === "http" ? { httpStatus: 503 } : { grpcStatus: 14 }],
    [{ grpcStatus: 14 }, CentTransportError, transport === "http" ? { httpStatus: 503 } : { grpcStatus: 14 }],
    [{ grpcStatus: 16 }, CentUnauthorizedError, {}],
  ])("fail() makes the next call fail once with %j", async (fault, type, properties) => {
    const { client, server } = await setUp();
    server.fail("publish", fault);
    await expect(client.channels()).resolves.toEqual(resultOf("channels", { channels: {} }));
    const failed = client.publish(publication);
    await expect(failed).rejects.toBeInstanceOf(type);
    await expect(failed).rejects.toMatchObject(properties);
    await expect(client.publish(publication)).resolves.toMatchObject({ epoch: expect.any(String) });
  });

  test("a dropped connection is a network error, and the next call makes a new one", async () => {
    const { client, server } = await setUp();
    server.fail("publish", { drop: true });
    await expect(client.publish(publication)).rejects.toBeInstanceOf(CentNetworkError);
    await expect(client.publish(publication)).resolves.toBeDefined();
  });

  test("a delay makes a call late, and a call with a short timeout fail", async () => {
    const { client, server } = await setUp();
    server.fail("publish", { delayMs: 50 }, { times: 2 });
    const begun = performance.now();
    await client.publish(publication);
    expect(performance.now() - begun).toBeGreaterThan(40);
    await expect(client.publish(publication, { timeoutMs: 10 })).rejects.toBeInstanceOf(CentTimeoutError);
  });

  test("faults apply in turn: a number of times, always, or until recover()", async () => {
    const { client, server } = await setUp();
    server.fail("publish", { code: 100 }, { times: 2 });
    server.fail("publish", { code: 102 });
    server.fail("*", { code: 108 }, { times: "always" });
    const codes: unknown[] = [];
    for (let count = 0; count < 6; count++) {
      await client.publish(publication).catch((error: CentApiResponseError) => codes.push(error.code));
    }
    expect(codes).toEqual([100, 100, 102, 108, 108, 108]);
    await expect(client.info()).rejects.toMatchObject({ code: 108 });
    server.recover();
    await expect(client.info()).resolves.toBeDefined();
  });

  test("API errors apply to the commands of a batch, too", async () => {
    const { client, server } = await setUp();
    server.fail("publish", { code: 100 });
    const commands = [{ channels: {} }, { publish: publication }, { publish: publication }] as const;
    const { replies } = await client.batch({ commands });
    expect(replies.map(({ ok }) => ok)).toEqual([true, false, true]);
    server.fail("*", { code: 104 }, { times: 2 });
    const { replies: failed } = await client.batch({ commands });
    expect(failed.map(({ ok }) => ok)).toEqual([false, false, true]);
    server.fail("batch", { status: 503 });
    await expect(client.batch({ commands })).rejects.toBeInstanceOf(CentTransportError);
  });

  test("server.calls records calls as the client writes them, and a batch as one", async () => {
    const { client, server } = await setUp();
    const before = server.calls.length;
    await client.publish({ channel: "a", data: { n: 1 }, version: 2n ** 63n, idempotencyKey: "k" });
    await client.history({ channel: "a", limit: 5, since: { offset: 1 } });
    await client.batch({ commands: [{ publish: { channel: "b", data: new Uint8Array([255]) } }] });
    const calls = server.calls.slice(before);
    expect(calls).toMatchObject([
      { method: "publish", transport, request: { channel: "a", version: 2n ** 63n, idempotencyKey: "k" } },
      { method: "history", request: { channel: "a", limit: 5, since: { offset: 1 } } },
      { method: "batch" },
    ]);
    expect(calls[0]?.request.data).toEqual({ n: 1 });
    expect(calls[0]?.request).not.toHaveProperty("skipHistory");
    const headers = Object.values(calls[0]?.headers ?? {}).join();
    if (transport !== "memory") expect(headers).toContain("api_key");
    const { calls: held } = server;
    server.clearCalls();
    await client.info();
    expect(server.calls).toMatchObject([{ method: "info" }]);
    expect(held).toHaveLength(before + 3);
  });
});

test("fail() refuses failures that could never happen", () => {
  const { server } = createTestClient();
  expect(() => server.fail("pubish", { code: 100 })).toThrow('got "pubish"');
  expect(() => server.fail("presence_stats", { code: 100 })).toThrow("the client's name of a method");
  expect(() => server.fail("connections", { code: 100 })).toThrow("this server has no method connections");
  expect(() => server.fail("publish", { code: 100 }, { times: 0 })).toThrow("an integer above 0, got 0");
  expect(() => server.fail("publish", {})).toThrow("one of code, status, grpcStatus, drop, delayMs");
  expect(() => server.fail("batch", { code: 100 })).toThrow("a batch has no error of its own");
});
