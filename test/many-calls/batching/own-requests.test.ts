import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SendFailure } from "../../../src/call/send-failure.ts";
import { Code, ConnectError } from "../../../src/limits/connect-error.ts";
import { isUnprocessed } from "../../../src/limits/run-within.ts";
import { heldBatching, turn } from "./held-batching.ts";

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

describe("a call that goes alone", () => {
  test("the call waits for no place, though the shared requests have taken all", async () => {
    const { names, publish, call } = heldBatching(ending.signal, { inFlight: 1 });
    publish();
    await turn();
    call("publish", { channel: "b" });
    call("history", { channel: "c" });
    await turn();
    expect(names()).toEqual(["publish", "history"]);
  });

  test("the call waits for the calls before it about any of its channels", async () => {
    const { names, alone, publish, call } = heldBatching(ending.signal);
    publish();
    await turn();
    call("broadcast", { channels: ["b", "a"] }, { isAlone: true });
    call("broadcast", { channels: ["b", "c"] }, { isAlone: true });
    call("broadcast", { channels: ["d", "e"] }, { isAlone: true });
    await turn();
    expect(names()).toEqual(["publish", "broadcast"]);
    expect(alone).not.toHaveBeenCalled();
  });

  test("the call skips the queue if it is about no channel", async () => {
    const { names, alone, call } = heldBatching(ending.signal);
    call("info", {}, { isAlone: true });
    expect(alone).toHaveBeenCalledOnce();
    await turn();
    expect(names()).toEqual([]);
  });
});

describe("the end of a call", () => {
  test("a call that ends after it was sent counts one attempt, which may have been executed", async () => {
    const { publish } = heldBatching(ending.signal);
    const late = await publish({ timeoutMs: 20 });
    expect(late).toBeInstanceOf(SendFailure);
    expect((late as SendFailure).record).toEqual({ attempts: 1, maybeExecuted: false });
    expect(isUnprocessed((late as SendFailure).reason as object)).toBeUndefined();
  });

  test("a call that ends before it is sent counts no attempt", async () => {
    const { names, publish } = heldBatching(ending.signal, { maxDelayMs: 5_000 });
    expect(await publish({ timeoutMs: 20 })).toMatchObject({ code: Code.DeadlineExceeded });
    expect(names()).toEqual([]);
  });

  test("a call that waits for its key was not executed if the client closes", async () => {
    const { waits, names, publish } = heldBatching(ending.signal, {}, () => new Promise(() => {}));
    const call = publish();
    await turn();
    const closed = new ConnectError("closed", Code.Unavailable);
    for (const wait of waits) wait.end(closed);
    expect(await call).toBe(closed);
    expect([isUnprocessed(closed), names()]).toEqual([true, []]);
  });
});
