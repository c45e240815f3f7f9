import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { CallOptions } from "../../../src/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";

const data = { text: "hi" };

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe.each(protocols)("ends of calls in batches over %s", (protocol) => {
  test("a call that is aborted before its batch leaves is not sent, and the others are", async () => {
    await using it = await startBatching(protocol);
    const controller = new AbortController();
    const aborted = rejection(it.cent.publish({ channel: "a", data }, { signal: controller.signal }));
    const others = [1, 2].map(() => it.cent.publish({ channel: "a", data }));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    expect((await Promise.all(others)).map(({ offset }) => offset)).toEqual([1, 2]);
    expect(it.requests()).toEqual([2]);
  });

  test.each([
    ["was aborted", [{ abort: true }]],
    ["was full", [{}, {}]],
    ["ran out of time", [{ timeoutMs: 20 }]],
  ])("a request that %s leaves no maxDelayMs timer behind", async (_title, calls) => {
    await using it = await startBatching(protocol, { batching: { maxCommands: 2, maxDelayMs: 8_765 } });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // The first calls make the connections, which have timers of their own.
    await Promise.all([1, 2].map(() => it.cent.publish({ channel: "b", data })));
    const before = timers();
    const { signal, abort } = abortable();
    const settled = calls.map(({ abort: aborts, ...options }: CallOptions & { abort?: boolean }) =>
      it.cent.publish({ channel: "a", data }, aborts ? { ...options, signal } : options),
    );
    await undefined;
    abort();
    await Promise.allSettled(settled);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test("a delay that began with fake timers ends, and holds up no later call", async () => {
    await using it = await startBatching(protocol, { batching: { maxDelayMs: 5 } });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const first = it.cent.publish({ channel: "a", data });
    vi.useRealTimers();
    await expect(first).resolves.toMatchObject({ offset: 1 });
    await expect(it.cent.publish({ channel: "a", data })).resolves.toMatchObject({ offset: 2 });
  });

  test("a call that travels alone is sent after an aborted call, though no timer runs", async () => {
    await using it = await startBatching(protocol, { batching: { maxDelayMs: 9_000 } });
    const { signal, abort } = abortable();
    const aborted = rejection(it.cent.publish({ channel: "a", data }, { signal }));
    const headers = { "x-own": "1" };
    const waiting = it.cent.publish({ channel: "a", data }, { headers });
    abort();
    const started = performance.now();
    await Promise.all([aborted, waiting]);
    await it.cent.publish({ channel: "a", data }, { headers });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("calls behind aborted calls are sent, alone and shared", async () => {
    await using it = await startBatching(protocol);
    const [first, second] = [new AbortController(), new AbortController()];
    const headers = { "x-own": "1" };
    const publish = (options?: CallOptions) => it.cent.publish({ channel: "a", data }, options);
    const aborted = [
      rejection(publish({ signal: first.signal })),
      rejection(publish({ signal: second.signal, headers })),
    ];
    const others = [publish({ headers }), publish()];
    first.abort();
    second.abort();
    expect((await Promise.all(others)).map(({ offset }) => offset)).toEqual([1, 2]);
    await Promise.all(aborted);
  });

  test("a call whose own options abort it while they are read blocks no later call", async () => {
    await using it = await startBatching(protocol);
    const { signal, abort } = abortable();
    const options = {
      signal,
      headers: {
        get "x-own"() {
          abort();
          return "1";
        },
      },
    };
    await rejection(it.cent.publish({ channel: "a", data }, options));
    await expect(it.cent.publish({ channel: "a", data }, { timeoutMs: 5_000 })).resolves.toMatchObject({
      offset: 1,
    });
  });

  test("a batch whose calls are all aborted is not sent", async () => {
    await using it = await startBatching(protocol);
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [1, 2].map(() => rejection(it.cent.publish({ channel: "a", data }, { signal })));
    controller.abort();
    await Promise.all(calls);
    await it.cent.publish({ channel: "a", data });
    expect(it.requests()).toEqual(["publish"]);
  });

  test("a call that is aborted in flight rejects at once, and the others go on", async () => {
    await using it = await startBatching(protocol);
    it.server.fail("batch", { delayMs: 100 });
    const controller = new AbortController();
    const order: string[] = [];
    const aborted = rejection(it.cent.publish({ channel: "a", data }, { signal: controller.signal }));
    const other = it.cent.publish({ channel: "a", data });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await Promise.all([
      aborted.then((reason) => order.push(String(reason))),
      other.then(({ offset }) => order.push(`offset ${offset}`)),
    ]);
    expect(order).toEqual(["Error: enough", "offset 2"]);
  });

  test("a request is canceled when its last call is aborted", async () => {
    const ended = vi.fn();
    await using it = await startBatching(protocol, {
      interceptors: [
        (next) => (request) => {
          request.signal.addEventListener("abort", () => ended(request.signal.reason));
          return next(request);
        },
      ],
    });
    it.server.fail("batch", { delayMs: 60_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) =>
      rejection(it.cent.publish({ channel: "a", data }, { signal })),
    );
    await vi.waitFor(() => expect(it.requests()).toEqual([2]));
    first.abort();
    await calls[0];
    await delay(5);
    expect(ended).not.toHaveBeenCalled();
    second.abort();
    await calls[1];
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test.each(["addEventListener", "removeEventListener"] as const)(
    "a signal whose %s throws fails its own call, and no other",
    async (name) => {
      await using it = await startBatching(protocol);
      const { signal } = new AbortController();
      vi.spyOn(signal, name).mockImplementation(() => {
        throw new TypeError("odd signal");
      });
      const publish = (options: CallOptions) => it.cent.publish({ channel: "a", data }, options);
      const odd = rejection(publish({ signal, timeoutMs: 30 }));
      const others = [publish({}), publish({})];
      await expect(Promise.all(others)).resolves.toHaveLength(2);
      expect(String(await odd)).toContain("odd signal");
      // Past the call's deadline: an error that its timer throws would end the process.
      await delay(40);
    },
  );

  test("answered calls leave no listener on their signal", async () => {
    await using it = await startBatching(protocol);
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await Promise.all([1, 2, 3].map(() => it.cent.publish({ channel: "a", data }, { signal })));
    await it.cent.publish({ channel: "a", data }, { signal });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
  });

  test("answered calls leave no deadline timer behind", async () => {
    await using it = await startBatching(protocol);
    // The first calls make the connections, which have timers of their own.
    await Promise.all([1, 2, 3].map(() => it.cent.publish({ channel: "a", data })));
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const timeoutMs = 1_000_000;
    for (let round = 0; round < 5; round++) {
      await Promise.all([1, 2, 3].map(() => it.cent.publish({ channel: "a", data }, { timeoutMs })));
      await it.cent.publish({ channel: "a", data }, { timeoutMs });
    }
    expect(timers()).toBeLessThanOrEqual(before + 2);
  });
});
