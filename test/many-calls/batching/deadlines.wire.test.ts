import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { CentTimeoutError } from "../../../src/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { isStockGrpc } from "../../harness/stock-grpc/test-of-ours.ts";

const data = { text: "hi" };

describe.each(protocols)("deadlines of calls in batches over %s", (protocol) => {
  test("a deadline starts with its call, and ends no other call", async () => {
    await using it = await startBatching(protocol, { batching: { inFlight: 1 } });
    it.server.fail("batch", { delayMs: 150 });
    const underWay = [
      rejection(it.cent.publish({ channel: "a", data }, { timeoutMs: 60 })),
      it.cent.publish({ channel: "a", data }),
    ];
    await delay(5);
    let isAnswered = false;
    void underWay[1]?.then(() => {
      isAnswered = true;
    });
    const waiting = rejection(it.cent.publish({ channel: "b", data }, { timeoutMs: 40 }));
    const patient = it.cent.publish({ channel: "b", data }, { timeoutMs: 0 });
    expect(expectError(await waiting, CentTimeoutError).message).toContain("within 40 ms");
    expect(isAnswered).toBe(false);
    expectError(await underWay[0], CentTimeoutError);
    expect(await underWay[1]).toMatchObject({ offset: 2 });
    expect(await patient).toMatchObject({ offset: 1 });
    expect(it.requests()).toEqual([2, "publish"]);
  });

  test("a request is canceled when all of its calls time out", async () => {
    await using it = await startBatching(protocol);
    it.server.fail("batch", { delayMs: 60_000 });
    const publish = (timeoutMs: number) => it.cent.publish({ channel: "a", data }, { timeoutMs });
    const started = performance.now();
    for (const error of await Promise.all([30, 50, 10].map((timeoutMs) => rejection(publish(timeoutMs))))) {
      expectError(error, CentTimeoutError);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
    // The channel is free again.
    await expect(publish(5_000)).resolves.toMatchObject({ offset: 1 });
  });

  test("each of several calls with one deadline gets its own timeout error", async ({ skip }) => {
    skip(isStockGrpc, "connect-node often reports a timeout first, in its own words");
    await using it = await startBatching(protocol);
    it.server.fail("batch", { delayMs: 60_000 });
    const calls = [20, 20, 20, 30, 30].map((timeoutMs) =>
      rejection(it.cent.publish({ channel: "a", data }, { timeoutMs })),
    );
    const messages = (await Promise.all(calls)).map((error) => expectError(error, CentTimeoutError).message);
    expect(messages).toEqual([20, 20, 20, 30, 30].map((ms) => `publish: no complete reply within ${ms} ms`));
  });

  test("a call keeps its deadline when another call with the same deadline is aborted", async () => {
    await using it = await startBatching(protocol);
    it.server.fail("*", { delayMs: 60_000 }, { times: "always" });
    const calls = Array.from({ length: 20 }, () => {
      const controller = new AbortController();
      const aborted = rejection(
        it.cent.publish({ channel: "a", data }, { signal: controller.signal, timeoutMs: 30 }),
      );
      controller.abort();
      return [aborted, rejection(it.cent.publish({ channel: "a", data }, { timeoutMs: 30 }))] as const;
    });
    for (const [aborted, other] of calls) {
      expect(await aborted).toMatchObject({ name: "AbortError" });
      expectError(await other, CentTimeoutError);
    }
  });

  test("a call that times out in a request reports maybeExecuted", async () => {
    await using it = await startBatching(protocol);
    it.server.fail("batch", { delayMs: 150 });
    const short = rejection(it.cent.publish({ channel: "a", data: 1 }, { timeoutMs: 50 }));
    const long = it.cent.publish({ channel: "b", data: 1 });
    expect(await short).toMatchObject({ name: "CentTimeoutError", maybeExecuted: true, attempts: 1 });
    await long;
  });
});

test("grpc: a shared request has the longest deadline of its calls", async () => {
  const seen: unknown[] = [];
  await using it = await startBatching("grpc", {
    interceptors: [
      (next) => (request) => {
        seen.push(request.header.get("grpc-timeout"));
        return next(request);
      },
    ],
  });
  const publish = (timeoutMs: number) => it.cent.publish({ channel: "a", data }, { timeoutMs });
  await Promise.all([publish(3_000), publish(60_000), publish(5_000)]);
  await Promise.all([publish(3_000), publish(0)]);
  expect(Number.parseInt(String(seen[0]), 10)).toBeGreaterThan(59_000);
  expect(Number.parseInt(String(seen[0]), 10)).toBeLessThanOrEqual(60_000);
  expect(seen[1]).toBeNull();
});
