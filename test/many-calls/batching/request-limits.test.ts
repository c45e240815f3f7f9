import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { heldBatching, turn } from "./held-batching.ts";

let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

describe("a shared request", () => {
  test("the request takes the longest time that one of its calls has left", async () => {
    const { sent, names, publish } = heldBatching(ending.signal);
    for (const timeoutMs of [1_000, 60_000, 2_000]) publish({ timeoutMs });
    await turn();
    expect(names()).toEqual(["batch"]);
    expect(sent[0]?.limits.timeoutMs).toBeGreaterThan(2_000);
    expect(sent[0]?.limits.timeoutMs).toBeLessThanOrEqual(60_000);
  });

  test("the request has no time limit if one of its calls has none", async () => {
    const { sent, publish } = heldBatching(ending.signal);
    for (const timeoutMs of [1_000, 0]) publish({ timeoutMs });
    await turn();
    expect(sent[0]?.limits.timeoutMs).toBe(0);
  });

  test("the request is aborted when all its calls are, and not earlier", async () => {
    const { sent, publish } = heldBatching(ending.signal);
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [publish({ signal: first.signal }), publish({ signal: second.signal })];
    await turn();
    const signal = sent[0]?.limits.signal;
    first.abort();
    await calls[0];
    expect(signal?.aborted).toBe(false);
    second.abort();
    await calls[1];
    expect(signal?.aborted).toBe(true);
  });
});

test("a call that shares its request with no other has its own signal, and is not sent as a batch", async () => {
  const { sent, names, publish } = heldBatching(ending.signal);
  publish({ timeoutMs: 1_000 });
  await turn();
  expect(names()).toEqual(["publish"]);
  expect(sent[0]?.limits.signal).toBe(ending.signal);
});

test("a call whose signal is aborted already asks for no key, and is not sent", async () => {
  const authorize = vi.fn(() => ({}));
  const { names, publish } = heldBatching(ending.signal, {}, authorize);
  await publish({ signal: AbortSignal.abort() });
  await turn();
  expect(authorize).not.toHaveBeenCalled();
  expect(names()).toEqual([]);
  publish();
  await turn();
  expect(names()).toEqual(["publish"]);
});
