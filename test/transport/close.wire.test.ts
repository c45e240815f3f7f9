import { create } from "@bufbuild/protobuf";
import { describe, expect, test, vi } from "vitest";
import { InfoResponseSchema } from "#api";
import type { CentClient, CentError, ClientOptions, TransportOptions } from "../../src/index.ts";
import { CentNetworkError, createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions } from "../harness/batching-set-up.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { until, unusedPort } from "../harness/listening-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { retryingClient } from "../harness/retrying.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { unhandledRejections } from "../harness/unhandled-rejections.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
const never = <T>() => new Promise<T>(() => {});

/** Checks that a call was ended by `close()`. */
async function expectClosed(call: Promise<unknown>, maybeExecuted: boolean): Promise<void> {
  const error = expectError(await call, CentNetworkError, { method: "info", cause: false });
  expect([error.message, error.maybeExecuted]).toEqual(["info: the client was closed", maybeExecuted]);
}

describe.each(protocols)("%s: close()", (protocol) => {
  test("close() waits for calls with their retries", async () => {
    await using server = await startTestServer();
    const cent = retryingClient(protocol, server, { retry: { baseDelayMs: 20, maxDelayMs: 20 } });
    server.fail("info", { drop: true });
    server.fail("info", { status: 503 });
    const call = cent.info();
    await cent.close();
    await expect(call).resolves.toMatchObject({ nodes: [{}] });
    expect(server.calls).toHaveLength(3);
  });

  test("close() waits no longer than timeoutMs, and rejects a call that was sent as perhaps executed", async () => {
    for (const batching of [false, true]) {
      await using server = await startScripted(protocol, never);
      const client = clientOf(protocol, server, { timeoutMs: 0, batching });
      const call = rejection(client.info());
      await until(() => server.received.length === 1, "the call arrives");
      const started = performance.now();
      await client.close({ timeoutMs: 40 });
      // A timer may fire a millisecond early by another clock.
      expect(performance.now() - started).toBeGreaterThan(38);
      expect(performance.now() - started).toBeLessThan(3_000);
      await expectClosed(call, true);
    }
  });

  test("close() waits for ten seconds by default", async () => {
    await using server = await startScripted(protocol, never);
    const client = clientOf(protocol, server, { timeoutMs: 0 });
    const call = rejection(client.info());
    await until(() => server.received.length === 1, "the call arrives");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isClosed = false;
    const closed = client.close().then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await closed;
    await expectClosed(call, true);
  });

  test("close() rejects a call that waits for its key as not executed", async () => {
    for (const batching of [false, true]) {
      await using server = await startScripted(protocol, () => info);
      const client = clientOf(protocol, server, { apiKey: never, timeoutMs: 0, batching });
      const call = rejection(client.info());
      await client.close({ timeoutMs: 10 });
      await expectClosed(call, false);
      expect(server.received).toEqual([]);
    }
  });

  test("close() rejects a call between two attempts, and reports the attempts so far", async () => {
    await using server = await startTestServer();
    const slow = { baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const cent = retryingClient(protocol, server, { retry: slow, timeoutMs: 0 });
    server.fail("info", { drop: true });
    const call = rejection(cent.info());
    await until(() => server.calls.length === 1, "the first attempt arrives");
    await cent.close({ timeoutMs: 30 });
    await expectClosed(call, true);
    expect(await call).toMatchObject({ attempts: 1 });

    const port = await unusedPort();
    const unreached = clientOf(protocol, { port }, { retry: slow, timeoutMs: 0 });
    const refused = rejection(unreached.info());
    await unreached.close({ timeoutMs: 100 });
    await expectClosed(refused, false);
  });

  test("close() rejects calls that share a request, and calls behind it", async () => {
    await using server = await startTestServer();
    const options = clientOptions(protocol, server);
    const cent = createClient({ ...options, timeoutMs: 0, batching: { inFlight: 1 } });
    server.fail("*", { delayMs: 5_000 }, { times: "always" });
    const publish = (n: number) => rejection(cent.publish({ channel: `c${n % 2}`, data: n }));
    const sent = [publish(0), publish(1)];
    await until(() => server.calls.length === 1, "the batch arrives");
    const waiting = [publish(2), publish(3)];
    await cent.close({ timeoutMs: 10 });
    const closed = { name: "CentNetworkError", message: "publish: the client was closed" };
    expect(await Promise.all(sent)).toMatchObject(Array(2).fill({ ...closed, maybeExecuted: true }));
    expect(await Promise.all(waiting)).toMatchObject(Array(2).fill({ ...closed, maybeExecuted: false }));
    expect(server.calls).toHaveLength(1);
  });

  test("close() refuses a wrong option, and the client goes on", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = clientOf(protocol, server);
    for (const options of [{ timeoutMs: -1 }, { timeoutMs: "1" }, { timeout: 1 }])
      expect(await rejection(client.close(options as never))).toBeInstanceOf(TypeError);
    await expect(client.info()).resolves.toEqual(resultOf("info", { nodes: [] }));
  });
});

describe("close() over a caller's own parts", () => {
  const dispatcher = { dispatch: () => true, close() {}, destroy() {} } as never;
  const transport = { unary: never, stream: never } as never;
  const url = "http://localhost/api";

  test.each<[string, ClientOptions | TransportOptions]>([
    ["fetch", { url, http: { fetch: never } }],
    ["dispatcher", { url, http: { dispatcher } }],
    ["transport", { transport }],
  ])("close() rejects the calls that are left over a caller's own %s", async (_title, options) => {
    for (const batching of [false, true]) {
      const client = createClient({ ...options, timeoutMs: 0, retry: false, batching });
      const call = rejection(client.info());
      await new Promise((resolve) => setTimeout(resolve, 5));
      await client.close({ timeoutMs: 10 });
      await expectClosed(call, true);
    }
  });
});

describe("a call that leaves its `await using` block", () => {
  const unhandled = unhandledRejections();

  async function returned(options: ClientOptions, call: (cent: CentClient) => Promise<unknown>) {
    await using cent = createClient(options);
    // The block ends before the call, as nothing awaits the call.
    return call(cent);
  }

  const kinds: [string, (cent: CentClient) => Promise<unknown>, string][] = [
    ["a bad request", (cent) => cent.publish({ channel: 1 } as never), "CentRequestError"],
    ["an error of the API", (cent) => cent.publish({ channel: "none:x", data: 1 }), "CentApiResponseError"],
    ["a lost connection", (cent) => cent.info(), "CentNetworkError"],
  ];

  describe.each(protocols)("%s", (protocol) => {
    test.each(kinds)(
      "%s of a call that leaves its block rejects to its caller, and is never unhandled",
      async (_title, call, name) => {
        for (const batching of [false, true]) {
          await using server = await startTestServer();
          server.fail("info", { drop: true });
          const options = { ...clientOptions(protocol, server), batching };
          const error = (await rejection(returned(options, call))) as CentError;
          expect(error.name).toBe(name);
          await new Promise((resolve) => setTimeout(resolve, 5));
          expect(unhandled).toEqual([]);
        }
      },
    );
  });

  test("the listener of these tests sees an unhandled rejection", async () => {
    Promise.reject(new Error("nobody listens"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unhandled).toHaveLength(1);
  });
});
