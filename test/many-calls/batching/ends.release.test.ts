import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import { startBatching } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const data = { text: "hi" };

describe.each(protocols)("ends of calls in batches over %s", (protocol) => {
  test("calls that are aborted while another is in flight leave nothing in memory", async () => {
    await using it = await startBatching(protocol, { batching: { inFlight: 1 }, timeoutMs: 0 });
    it.server.fail("publish", { delayMs: 60_000 });
    const stuck = new AbortController();
    const first = rejection(it.cent.publish({ channel: "stuck", data }, { signal: stuck.signal }));
    await vi.waitFor(() => expect(it.requests()).toEqual(["publish"]));
    const used = async () => {
      await delay(5);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const round = async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const calls = Array.from({ length: 5_000 }, (_, n) =>
        rejection(it.cent.publish({ channel: `chat_${n % 50}`, data: "x".repeat(1_000) + n }, { signal })),
      );
      await delay(1);
      controller.abort();
      await Promise.all(calls);
    };
    await round();
    const before = await used();
    for (let n = 0; n < 3; n++) await round();
    expect((await used()) - before).toBeLessThan(10_000_000);
    stuck.abort();
    await first;
  });
});
