import { expect, test } from "vitest";
import { heldRequests, turn } from "./held-requests.ts";

test("calls that fill a request by number or bytes are sent at once", () => {
  const byNumber = heldRequests();
  byNumber.add();
  byNumber.add();
  expect(byNumber.sent).toEqual([]);
  byNumber.add();
  expect(byNumber.sent).toEqual([[0, 1, 2]]);
  const byBytes = heldRequests();
  byBytes.add({ size: 99 });
  expect(byBytes.sent).toEqual([]);
  byBytes.add({ size: 1 });
  expect(byBytes.sent).toEqual([[0, 1]]);
});

test("a request that was sent at once starts a new count of numbers and bytes", async () => {
  const { add, sent } = heldRequests({ inFlight: 9 });
  for (let call = 0; call < 5; call++) add({ size: 33 });
  expect(sent).toEqual([[0, 1, 2]]);
  await turn();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
});

test("a call that goes alone does not change the count of the others", () => {
  const { add, sent } = heldRequests({ inFlight: 9 });
  add();
  add();
  add({ goesAlone: true });
  expect(sent).toEqual([[2]]);
  add();
  expect(sent).toEqual([[2], [0, 1, 3]]);
});

test("a call that is made while a request is in flight waits for the end of the turn, so that others can join", async () => {
  const { add, sent } = heldRequests({ inFlight: 2 });
  add();
  await turn();
  add();
  await new Promise((resolve) => process.nextTick(resolve));
  await new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
  expect(sent).toEqual([[0]]);
  add();
  await turn();
  expect(sent).toEqual([[0], [1, 2]]);
});

test.each([
  [1_000, [250, 250, 250, 250]],
  [300, [100, 100, 100]],
  [50, [50]],
])(
  "%i calls of one turn are spread over the free places, at least 100 in a request",
  async (count, sizes) => {
    const { add, sent } = heldRequests({ maxCommands: 5_000, maxBytes: 1e6, inFlight: 4 });
    for (let call = 0; call < count; call++) add();
    await turn();
    expect(sent.map(({ length }) => length)).toEqual(sizes);
  },
);

test("calls that wait for a place are sent when a request ends: at once if they fill one, else after the turn", async () => {
  const { add, end, sent } = heldRequests();
  for (let call = 0; call < 8; call++) add();
  expect(sent).toEqual([[0, 1, 2]]);
  await end();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  await end();
  expect(sent).toHaveLength(2);
  await turn();
  expect(sent.at(-1)).toEqual([6, 7]);
});

test("no more requests are in flight than inFlight", async () => {
  const { add, end, sent } = heldRequests({ inFlight: 2 });
  for (let call = 0; call < 9; call++) add();
  await turn();
  expect(sent).toHaveLength(2);
  await end();
  expect(sent).toHaveLength(3);
});

test("a call that goes alone outside of inFlight leaves no place behind when it ends", async () => {
  const { add, end, sent } = heldRequests({ sendsAloneAtOnce: true });
  add({ goesAlone: true });
  await end();
  for (let call = 0; call < 6; call++) add();
  await turn();
  expect(sent).toEqual([[0], [1, 2, 3]]);
});

test("a call that leaves lets the calls behind it go", async () => {
  const { scheduler, make, add, sent } = heldRequests({ inFlight: 2 });
  const first = make({ channel: "a" });
  first.isPending = true;
  scheduler.add(first);
  add({ channel: "a" });
  await turn();
  expect(sent).toEqual([]);
  scheduler.leave(first);
  await turn();
  expect(sent).toHaveLength(1);
});

test("a call that leaves lets a call behind it that goes alone be sent at once", () => {
  const { scheduler, make, add, sent } = heldRequests();
  const first = make({ channel: "a" });
  first.isPending = true;
  scheduler.add(first);
  add({ channel: "a", goesAlone: true });
  expect(sent).toEqual([]);
  scheduler.leave(first);
  expect(sent).toEqual([[1]]);
});

test("a call whose key arrives is sent after the turn, or at once if it goes alone", async () => {
  for (const goesAlone of [false, true]) {
    const { scheduler, make, sent } = heldRequests();
    const call = make({ goesAlone });
    call.isPending = true;
    scheduler.add(call);
    await turn();
    expect(sent).toEqual([]);
    scheduler.wake(call);
    expect(sent).toHaveLength(goesAlone ? 1 : 0);
    await turn();
    expect(sent).toHaveLength(1);
  }
});
