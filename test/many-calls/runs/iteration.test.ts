import { expect, test } from "vitest";
import { createTestClient } from "../../../src/testing/index.ts";
import { publications } from "./set-up.ts";

/** The iterator of a run, and a log of when its input is closed. */
function start(count: number) {
  const log: string[] = [];
  function* input() {
    try {
      yield* publications(count);
    } finally {
      log.push("closed");
    }
  }
  const { client } = createTestClient();
  return { log, items: client.publishMany(input(), { maxCommands: 2, inFlight: 1 })[Symbol.asyncIterator]() };
}

const done = { done: true, value: undefined };
const item = (index: number) => ({ done: false, value: { ok: true, index } });

test("a reader that calls next() several times at once gets the items in order", async () => {
  const { items } = start(3);
  const asked = [items.next(), items.next(), items.next(), items.next(), items.next()];
  expect(await Promise.all(asked)).toMatchObject([item(0), item(1), item(2), done, done]);
});

test("`break` ends the run, and drops the items that are ready", async () => {
  const { items, log } = start(100);
  for await (const { ok } of items) if (ok) break;
  expect(log).toEqual(["closed"]);
  expect(await items.next()).toEqual(done);
});

test("return() waits for a next() that is pending", async () => {
  const { items } = start(100);
  const [next, returned] = [items.next(), items.return()];
  expect(await next).toMatchObject(item(0));
  expect(await returned).toEqual(done);
  expect(await items.next()).toEqual(done);
});

test("`await using` ends the run", async () => {
  const { items, log } = start(100);
  {
    await using own = items;
    expect(await own.next()).toMatchObject(item(0));
  }
  expect(log).toEqual(["closed"]);
});

test("throw() ends the run, and rejects with its own error", async () => {
  const { items, log } = start(100);
  await items.next();
  await expect(items.throw(new Error("mine"))).rejects.toThrow("mine");
  expect(log).toEqual(["closed"]);
  expect(await items.next()).toEqual(done);
});
