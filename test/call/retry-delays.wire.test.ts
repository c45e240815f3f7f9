import { afterEach, describe, expect, test, vi } from "vitest";
import type { CentError, Retry, RetryOptions } from "../../src/index.ts";
import { CentNetworkError, CentTransportError, createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions } from "../harness/batching-set-up.ts";
import { expectError, rejection } from "../harness/expected-error.ts";
import { retryingClient } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A client of a server that always answers 429 with these headers. */
function refusing(retry: RetryOptions, headers: Record<string, string> = {}, timeoutMs = 10_000) {
  let sent = 0;
  const fetch = async () => {
    sent++;
    return new Response("", { status: 429, headers });
  };
  const client = createClient({ url: "http://localhost/api", http: { fetch }, retry, timeoutMs });
  return { info: () => rejection(client.info()) as Promise<CentError>, sent: () => sent };
}

/** The delays of a call that always fails. */
async function delays(options: RetryOptions): Promise<number[]> {
  const given: number[] = [];
  const { info } = refusing({ maxAttempts: 5, ...options, onRetry: ({ delayMs }) => given.push(delayMs) });
  await info();
  return given;
}

describe("retry delays", () => {
  test("the delay doubles up to maxDelayMs, and lies between half and all of that", async () => {
    const options = { baseDelayMs: 4, maxDelayMs: 10 };
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    expect(await delays(options)).toEqual([2, 4, 5, 5]);
    random.mockReturnValue(1);
    expect(await delays(options)).toEqual([4, 8, 10, 10]);
  });

  test("the first delay is between 50 and 100 milliseconds by default", async () => {
    const [first = 0] = await delays({ maxAttempts: 2 });
    expect(first).toBeGreaterThanOrEqual(50);
    expect(first).toBeLessThanOrEqual(100);
  });

  test("the longest delay is 2,000 milliseconds by default", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { info } = refusing({
      baseDelayMs: 5_000,
      onRetry({ delayMs }) {
        throw new Error(`${delayMs}`);
      },
    });
    expect((await info()).message).toContain("2000");
  });

  test("the next attempt waits for the delay", async () => {
    const started = performance.now();
    await delays({ baseDelayMs: 60, maxAttempts: 2 });
    // At least half of the delay. By another clock, a timer may fire a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(28);
  });

  test("the delay is no shorter than the server's Retry-After", async () => {
    const seen: number[] = [];
    const { info, sent } = refusing(
      {
        baseDelayMs: 1,
        onRetry({ delayMs }) {
          seen.push(delayMs);
          throw new Error("enough");
        },
      },
      { "retry-after": "3" },
    );
    await info();
    expect([seen, sent()]).toEqual([[3_000], 1]);
  });

  test("a call rejects at once if the delay does not fit into its deadline", async () => {
    const seen: Retry[] = [];
    const started = performance.now();
    const onRetry = (retry: Retry) => seen.push(retry);
    const { info, sent } = refusing({ onRetry }, { "retry-after": "3" }, 2_500);
    expectError(await info(), CentTransportError, { method: "info" });
    expect([performance.now() - started < 2_000, seen, sent()]).toEqual([true, [], 1]);
  });

  test("a call without a deadline waits as long as a timer can, and rejects at once for longer", async () => {
    const onRetry = () => {
      throw new Error("it is waited for");
    };
    const { info } = refusing({ onRetry }, { "retry-after": "3000" }, 0);
    expect((await info()).message).toContain("it is waited for");
    const longer = refusing({ onRetry }, { "retry-after": "3000000" }, 0);
    expectError(await longer.info(), CentTransportError, { method: "info" });
  });

  test("an abort ends the delay at once, and leaves no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
    const before = timers();
    const controller = new AbortController();
    const client = createClient({
      url: "http://localhost/api",
      http: { fetch: async () => new Response("", { status: 429 }) },
      timeoutMs: 0,
      retry: {
        baseDelayMs: 60_000,
        maxDelayMs: 60_000,
        onRetry: () => setTimeout(() => controller.abort("enough"), 5),
      },
    });
    expect(await rejection(client.info({}, { signal: controller.signal }))).toBe("enough");
    // A timer of an earlier test may have ended.
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe.each(protocols)("%s: between attempts", (protocol) => {
  test("onRetry gets the method, the attempt, the delay and the error", async () => {
    await using server = await startTestServer();
    const retries: Retry[] = [];
    const onRetry = (retry: Retry) => retries.push(retry);
    await using cent = retryingClient(protocol, server, { retry: { onRetry } });
    server.fail("history", { drop: true });
    server.fail("history", { status: 503 });
    await cent.history({ channel: "chat" });
    expect(retries).toEqual([
      { method: "history", attempt: 1, delayMs: expect.any(Number), error: expect.any(CentNetworkError) },
      { method: "history", attempt: 2, delayMs: expect.any(Number), error: expect.any(CentTransportError) },
    ]);
    expect(retries.map(({ error }) => error.attempts)).toEqual([1, 2]);
  });

  test("the key function is asked again for the second attempt", async () => {
    await using server = await startTestServer();
    let asked = 0;
    const apiKey = async () => {
      asked++;
      return server.apiKey;
    };
    await using cent = retryingClient(protocol, server, { apiKey });
    server.fail("history", { drop: true });
    await cent.history({ channel: "chat" });
    expect([asked, server.calls.length]).toEqual([2, 2]);
  });

  test("interceptors see each attempt", async () => {
    await using server = await startTestServer();
    let seen = 0;
    await using cent = retryingClient(protocol, server, {
      interceptors: [
        (next) => (request) => {
          seen++;
          return next(request);
        },
      ],
    });
    server.fail("history", { status: 503 }, { times: 2 });
    await cent.history({ channel: "chat" });
    expect(seen).toBe(3);
  });

  test("a key function that fails in a later attempt leaves `attempts` and `maybeExecuted` of the first", async () => {
    await using server = await startTestServer();
    const keys = [server.apiKey];
    const options = { ...clientOptions(protocol, server), retry: { baseDelayMs: 1 } };
    await using cent = createClient({ ...options, apiKey: () => keys.shift() ?? Promise.reject("gone") });
    server.fail("history", { drop: true });
    expect(await rejection(cent.history({ channel: "chat" }))).toMatchObject({
      name: "CentRequestError",
      attempts: 1,
      maybeExecuted: true,
    });
  });

  test("an `onRetry` that throws or rejects gives each call an error of its own", async () => {
    await using server = await startTestServer();
    server.fail("history", { status: 503 }, { times: "always" });
    for (const onRetry of [
      () => {
        throw new Error("stop");
      },
      async () => {
        await new Promise(setImmediate);
        throw new Error("stop");
      },
    ]) {
      await using cent = retryingClient(protocol, server, { retry: { onRetry } });
      const calls = [cent.history({ channel: "chat" }), cent.history({ channel: "chat" })];
      const [first, second] = await Promise.all(calls.map(rejection));
      expect(first).toMatchObject({
        name: "CentError",
        method: "history",
        message: "history: onRetry failed: stop",
      });
      expect(first).not.toBe(second);
    }
    // No call has a second attempt.
    expect(server.calls).toHaveLength(4);
  });
});
