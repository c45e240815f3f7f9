import { expect, test } from "vitest";
import { ItemIterator } from "../../../src/many-calls/runs/item-iterator.ts";

/** Items that arrive in lots, a turn of the event loop apart. */
function arriving(lots: readonly (readonly number[])[], failure?: Error) {
  const there: number[] = [];
  const log: string[] = [];
  async function* arrivals(): AsyncGenerator<void, void, undefined> {
    try {
      for (const lot of lots) {
        await new Promise((resolve) => setImmediate(resolve));
        there.push(...lot);
        yield;
      }
      if (failure !== undefined) throw failure;
    } finally {
      there.length = 0;
      log.push("ended");
    }
  }
  return { log, items: new ItemIterator<number>({ take: () => there.shift(), arrivals: arrivals() }) };
}

const done = { done: true, value: undefined };
const item = (value: number) => ({ done: false, value });

test("gives the items of all lots in their order, and then the end", async () => {
  const { items, log } = arriving([[1, 2], [], [3]]);
  const given: number[] = [];
  for await (const value of items) given.push(value);
  expect(given).toEqual([1, 2, 3]);
  expect(log).toEqual(["ended"]);
  expect(await items.next()).toEqual(done);
});

test("who asks several times at once is answered in turn", async () => {
  const { items } = arriving([[1, 2], [3]]);
  const asked = [items.next(), items.next(), items.next(), items.next(), items.next()];
  expect(await Promise.all(asked)).toEqual([item(1), item(2), item(3), done, done]);
});

test("a break ends the arrivals, and what was there is not given any more", async () => {
  const { items, log } = arriving([[1, 2, 3]]);
  for await (const _ of items) break;
  expect(log).toEqual(["ended"]);
  expect(await items.next()).toEqual(done);
});

test("a return while the next item is waited for comes after it", async () => {
  const { items } = arriving([[1], [2]]);
  const [next, returned] = [items.next(), items.return()];
  expect(await next).toEqual(item(1));
  expect(await returned).toEqual(done);
  expect(await items.next()).toEqual(done);
});

test("await using ends the arrivals", async () => {
  const { items, log } = arriving([[1]]);
  {
    await using own = items;
    expect(await own.next()).toEqual(item(1));
  }
  expect(log).toEqual(["ended"]);
});

test("what ends the arrivals is thrown once, after the items before it", async () => {
  const { items } = arriving([[1]], new Error("broken"));
  const [first, second, third] = await Promise.allSettled([items.next(), items.next(), items.next()]);
  expect(first).toMatchObject({ value: item(1) });
  expect(second).toMatchObject({ reason: { message: "broken" } });
  expect(third).toMatchObject({ value: done });
});

test("what is thrown into it comes out again", async () => {
  const { items, log } = arriving([[1, 2]]);
  await items.next();
  await expect(items.throw(new Error("mine"))).rejects.toThrow("mine");
  expect(log).toEqual(["ended"]);
  expect(await items.next()).toEqual(done);
});
