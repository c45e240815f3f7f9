import { expect, test } from "vitest";
import { CentRequestError } from "../../../src/index.ts";
import { outboxPartition } from "../../../src/outbox/index.ts";

/** The vectors that the authors of FNV-1a publish, and one of a text beyond ASCII. */
const hashes: readonly [string, number][] = [
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
];

test.each(hashes)(
  "the partition of %o is its FNV-1a hash modulo the number of partitions",
  (channel, hash) => {
    for (const partitions of [1, 2, 7, 16, 2 ** 31]) {
      expect(outboxPartition(channel, partitions)).toBe(hash % partitions);
    }
  },
);

test("the hash takes UTF-8 bytes, not UTF-16 units", () => {
  // 0xc3 0xa9, then the same by hand.
  let hash = 0x811c9dc5;
  for (const byte of [0xc3, 0xa9]) hash = Number((BigInt(hash ^ byte) * 0x01000193n) & 0xffffffffn);
  expect(outboxPartition("é", 1_000)).toBe((hash >>> 0) % 1_000);
});

test("a thousand channels fill eight partitions evenly", () => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 1_000; n++) {
    const partition = outboxPartition(`user_${n}`, 8);
    counts.set(partition, (counts.get(partition) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(Math.min(...counts.values())).toBeGreaterThan(90);
});

test.each([0, -1, 1.5, Number.NaN, "4"])("outboxPartition refuses %o partitions", (partitions) => {
  expect(() => outboxPartition("chat", partitions as number)).toThrow(CentRequestError);
  expect(() => outboxPartition("chat", partitions as number)).toThrow(
    `outboxPartition: partitions: expected an integer above 0, got ${partitions}`,
  );
});
