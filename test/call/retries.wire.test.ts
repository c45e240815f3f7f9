import { describe, expect, test } from "vitest";
import type { CentClient, RetryOptions } from "../../src/index.ts";
import { CentApiResponseError, CentError, CentNetworkError, CentTimeoutError } from "../../src/index.ts";
import type { Fault } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { until, unusedPort } from "../harness/listening-server.ts";
import { ofStreams } from "../harness/misbehaving-server.ts";
import { quick, retryingClient } from "../harness/retrying.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { serverCertificate } from "../harness/test-certificates.ts";

const write = (cent: CentClient, idempotencyKey?: string) =>
  cent.publish({ channel: "chat", data: 1, idempotencyKey });
const read = (cent: CentClient) => cent.history({ channel: "chat" });

/** How often a write, a write with a key and a read are sent if every attempt fails. */
type Sent = readonly [write: number, keyed: number, read: number];

const never: Sent = [1, 1, 1];
const harmless: Sent = [1, 3, 3];
const always: Sent = [3, 3, 3];

const faults: readonly [title: string, fault: Fault, http: Sent, grpc: Sent][] = [
  ["HTTP 429, which is UNAVAILABLE over gRPC", { status: 429 }, always, harmless],
  ["HTTP 502", { status: 502 }, harmless, harmless],
  ["HTTP 503", { status: 503 }, harmless, harmless],
  ["HTTP 504", { status: 504 }, harmless, harmless],
  ["HTTP 500", { status: 500 }, never, never],
  ["HTTP 400", { status: 400 }, never, never],
  ["HTTP 401", { status: 401 }, never, never],
  ["HTTP 403", { status: 403 }, never, never],
  ["HTTP 404", { status: 404 }, never, never],
  ["UNAVAILABLE", { grpcStatus: 14 }, harmless, harmless],
  ["RESOURCE_EXHAUSTED, which is HTTP 429", { grpcStatus: 8 }, always, never],
  ["INTERNAL", { grpcStatus: 13 }, never, never],
  ["UNKNOWN", { grpcStatus: 2 }, never, never],
  ["a lost connection", { drop: true }, harmless, harmless],
  ["the API's error INTERNAL", { code: 100 }, harmless, harmless],
  ["the API's error BAD_REQUEST", { code: 107 }, never, never],
  ["an unknown error of the API", { code: 999 }, never, never],
];

describe.each(protocols)("%s: repeated requests", (protocol) => {
  test.each(faults)("a call is repeated only as is safe after %s", async (_title, fault, ...expected) => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server, { retry: { budget: false } });
    server.fail("*", fault, { times: "always" });
    const sent: number[] = [];
    for (const call of [() => write(cent), () => write(cent, "key"), () => read(cent)]) {
      const error = (await rejection(call())) as CentError;
      expect(error).toBeInstanceOf(CentError);
      sent.push(error.attempts);
    }
    expect(sent).toEqual(expected[protocols.indexOf(protocol)]);
    expect(server.calls).toHaveLength(sent.reduce((sum, count) => sum + count));
  });

  test.each([
    ["write", write],
    ["read", read],
  ] as const)("a %s that reaches no server is sent three times", async (_title, call) => {
    await using cent = clientOf(protocol, { port: await unusedPort() }, { retry: quick });
    const error = expectError(await rejection(call(cent)), CentNetworkError, {
      method: call === write ? "publish" : "history",
    });
    expect([error.attempts, error.maybeExecuted]).toEqual([3, false]);
  });

  test("a call to a server with an untrusted certificate is not repeated", async () => {
    await using server = await startScripted(protocol, () => expect.fail(), { tls: serverCertificate });
    await using cent = clientOf(protocol, server, { url: server.url, retry: quick });
    expect(await rejection(read(cent))).toMatchObject({ name: "CentNetworkError", attempts: 1 });
  });

  test("a read is repeated after an attempt runs out of time, and a write is not", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server, { retry: { attemptTimeoutMs: 40 } });
    server.fail("*", { delayMs: 60_000 }, { times: "always" });
    const expected = { name: "CentTimeoutError", maybeExecuted: true };
    expect(await rejection(read(cent))).toMatchObject({ ...expected, attempts: 3 });
    expect(await rejection(write(cent))).toMatchObject({ ...expected, attempts: 1 });
  });

  test("a read whose first attempt is stuck succeeds with the second one", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server, { retry: { attemptTimeoutMs: 400 } });
    server.fail("history", { delayMs: 3_000 });
    await expect(read(cent)).resolves.toMatchObject({ publications: [] });
    expect(server.calls).toHaveLength(2);
  });

  test("a call past its own deadline is not repeated", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server, { timeoutMs: 400 });
    server.fail("*", { delayMs: 3_000 }, { times: "always" });
    const error = expectError(await rejection(read(cent)), CentTimeoutError, { method: "history" });
    expect([error.attempts, server.calls.length]).toEqual([1, 1]);
  });

  test("a call that the caller aborted is not repeated", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server);
    server.fail("history", { delayMs: 1_000 });
    const controller = new AbortController();
    const ended = rejection(cent.history({ channel: "chat" }, { signal: controller.signal }));
    await until(() => server.calls.length === 1, "the call is there");
    controller.abort();
    expect(await ended).toBe(controller.signal.reason);
    expect(server.calls).toHaveLength(1);
  });

  test("`maybeExecuted` is true if an earlier attempt may have been executed", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server);
    server.fail("publish", { drop: true });
    server.fail("publish", { code: 107 });
    const error = expectError(await rejection(write(cent, "key")), CentApiResponseError, { cause: false });
    expect(error).toMatchObject({ code: 107, attempts: 2, maybeExecuted: true });
  });

  test("an API error that comes at each attempt has the number of attempts", async () => {
    await using server = await startTestServer();
    await using cent = retryingClient(protocol, server);
    server.fail("history", { code: 100 }, { times: "always" });
    const error = expectError(await rejection(read(cent)), CentApiResponseError, {
      method: "history",
      cause: false,
    });
    expect(error).toMatchObject({ code: 100, attempts: 3, maybeExecuted: true });
  });
});

test("grpc: a write is repeated if the server refused each of its four streams", async () => {
  let streams = 0;
  await using server = await ofStreams((stream) => {
    streams++;
    stream.close(7);
  })();
  await using cent = clientOf("grpc", server, { retry: { ...quick, maxAttempts: 2 } });
  expect(await rejection(write(cent))).toMatchObject({ attempts: 2, maybeExecuted: false });
  expect(streams).toBe(8);
});

describe.each(protocols)("%s: retry", (protocol) => {
  /** How often a read that always fails is sent. */
  async function sent(
    client: RetryOptions | false | undefined,
    call?: RetryOptions | false,
  ): Promise<number> {
    await using server = await startTestServer();
    const port = Number(new URL(protocol === "http" ? server.httpUrl : server.grpcUrl).port);
    await using cent = clientOf(protocol, { port }, { apiKey: server.apiKey, retry: client });
    server.fail("history", { status: 503 }, { times: "always" });
    await rejection(cent.history({ channel: "chat" }, { retry: call }));
    return server.calls.length;
  }

  test("a request is sent three times by default", async () => {
    expect(await sent(undefined)).toBe(3);
    expect(await sent(quick)).toBe(3);
  });

  test("maxAttempts counts the first attempt", async () => {
    expect(await sent({ ...quick, maxAttempts: 1 })).toBe(1);
    expect(await sent({ ...quick, maxAttempts: 5 })).toBe(5);
  });

  test("`retry: false` sends each request once", async () => {
    expect(await sent(false)).toBe(1);
    expect(await sent(quick, false)).toBe(1);
  });

  test("each retry option of a call replaces that of the client", async () => {
    expect(await sent({ ...quick, maxAttempts: 2 }, {})).toBe(2);
    expect(await sent({ ...quick, maxAttempts: 2 }, { budget: false, maxAttempts: undefined })).toBe(2);
    expect(await sent({ ...quick, maxAttempts: 2 }, { maxAttempts: 4 })).toBe(4);
    expect(await sent(false, quick)).toBe(3);
  });
});
