import { expect, test } from "vitest";
import { heldRequests, turn } from "./held-requests.ts";

const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;

test("a call with maxDelayMs waits that long for others", async () => {
  const { add, sent } = heldRequests({ maxDelayMs: 30 });
  const started = performance.now();
  add();
  await turn();
  add();
  await turn();
  expect(sent).toEqual([]);
  while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(sent).toEqual([[0, 1]]);
  expect(performance.now() - started).toBeGreaterThan(28);
});

test("calls whose delay is over go out after the turn in which a request ends", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 5 });
  for (let call = 0; call < 4; call++) add();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(sent).toEqual([[0, 1, 2]]);
  await end();
  await turn();
  expect(sent).toEqual([[0, 1, 2], [3]]);
});

test("calls whose delay is over do not wait for the delay of a later call", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 50 });
  for (let call = 0; call < 4; call++) add();
  await new Promise((resolve) => setTimeout(resolve, 60));
  add();
  await end();
  await turn();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
});

test("a call waits for its whole delay, though a request ends meanwhile", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 50 });
  add();
  while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  add();
  await end();
  await turn();
  await turn();
  expect(sent).toEqual([[0]]);
  while (sent.length === 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(sent).toEqual([[0], [1]]);
});

test("a delay keeps no timer once all its calls are sent or have left", () => {
  const before = timers();
  const sent = heldRequests({ maxDelayMs: 60_000 });
  sent.add();
  expect(timers()).toBe(before + 1);
  sent.add();
  sent.add();
  expect(timers()).toBe(before);
  const left = heldRequests({ maxDelayMs: 60_000 });
  const calls = [left.add(), left.add()];
  for (const call of calls) left.scheduler.leave(call);
  expect(timers()).toBe(before);
});

test("a delay keeps no timer if a request that ends makes place for all its calls", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 60_000 });
  const before = timers();
  for (let call = 0; call < 6; call++) add();
  expect(sent).toHaveLength(1);
  await end();
  expect([sent.length, timers()]).toEqual([2, before]);
});
