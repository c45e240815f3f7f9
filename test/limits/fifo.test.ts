import { expect, test } from "vitest";
import { Fifo } from "../../src/limits/fifo.ts";

function filled(count: number): Fifo<number> {
  const queue = new Fifo<number>();
  for (let item = 0; item < count; item++) queue.push(item);
  return queue;
}

const drain = (queue: Fifo<number>) => Array.from({ length: queue.length }, () => queue.shift());

test("an empty queue has no first item, and gives none", () => {
  const queue = filled(0);
  expect([queue.length, queue.first, queue.shift(), queue.length]).toEqual([0, undefined, undefined, 0]);
});

test("a queue gives its items in the order of their arrival, with more arriving between", () => {
  const queue = filled(5);
  const given: unknown[] = [];
  for (let item = 5; item < 50; item++) {
    queue.push(item);
    expect(queue.first).toBe(given.length);
    given.push(queue.shift());
    if (item % 2 === 0 && queue.length > 1) given.push(queue.shift());
    expect(queue.length).toBe(item + 1 - given.length);
  }
  given.push(...drain(queue));
  expect(given).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(queue.first).toBeUndefined();
});

test("a drained queue takes items again", () => {
  const queue = filled(3);
  expect(drain(queue)).toEqual([0, 1, 2]);
  queue.push(7);
  expect([queue.length, queue.first, queue.shift(), queue.length]).toEqual([1, 7, 7, 0]);
});

test("a queue keeps only the items that its user wants, and no item that was given", () => {
  const queue = filled(10);
  queue.shift();
  const asked: number[] = [];
  queue.keep((item) => asked.push(item) > 0 && item % 3 === 0);
  expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(queue.length).toBe(3);
  queue.push(10);
  expect(drain(queue)).toEqual([3, 6, 9, 10]);
});

test("a queue gives up the places of given items in halves", () => {
  const moved = { splices: 0 };
  const { splice } = Array.prototype;
  const queue = filled(1_000);
  Array.prototype.splice = function (this: unknown[], ...change: Parameters<typeof splice>) {
    moved.splices++;
    return splice.apply(this, change);
  };
  try {
    for (let item = 0; item < 1_000; item++) expect(queue.shift()).toBe(item);
  } finally {
    Array.prototype.splice = splice;
  }
  // 1,000 places in halves: 500, 250 ... and the last ones by the length.
  expect(moved.splices).toBeGreaterThan(5);
  expect(moved.splices).toBeLessThan(12);
});
