import { describe, expect, test } from "vitest";
import type { Report } from "./campaign.ts";
import { fuzz } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { growthOf, isLinear } from "./growth.ts";
import { frameTarget } from "./grpc/frame-target.ts";
import { statusTarget } from "./grpc/status-target.ts";
import { jsonTarget } from "./json/json-target.ts";

// A small part of `npm run fuzz`, the same each time.
const seed = 20_261_127;
const inputs = 3_000;

const few = <Input, Value>(target: FuzzTarget<Input, Value>) => fuzz(target, { seed, inputs });

/** Expects outcomes of all kinds, because inputs with a single kind prove little. */
function expectKinds({ counts, failures }: Report<unknown>, kinds: Readonly<Record<string, number>>): void {
  expect(failures).toEqual([]);
  expect([...counts.keys()].sort()).toEqual(Object.keys(kinds).sort());
  for (const [kind, least] of Object.entries(kinds)) expect(counts.get(kind), kind).toBeGreaterThan(least);
}

test("the reader reads JSON like JSON.parse, or refuses it for a reason", () => {
  expectKinds(few(jsonTarget(seed, 3)), { read: 700, "wrong value": 300, "no JSON": 500, "no UTF-8": 100 });
});

test("the transport reads a gRPC frame like protobuf, or refuses it", () => {
  expectKinds(few(frameTarget(seed, 3)), { read: 700, "no message": 500, "no frame": 200 });
});

test("a gRPC status other than 0 is a failure with its details", () => {
  expectKinds(few(statusTarget()), { success: 100, failure: 1000, "failure with details": 200 });
});

describe("fuzz", () => {
  const counting = (run: (size: number) => unknown): FuzzTarget<number, unknown> => ({
    name: "sizes",
    make: (random) => random.size(5_000),
    run,
    judge: (_size, outcome) => ({ kind: "size", problem: "error" in outcome ? "an error" : undefined }),
    sizeOf: (size) => size,
    show: (size) => `${size}`,
    minimize: (size, fails) => Array.from({ length: size }, (_, smaller) => smaller).find(fails) ?? size,
    growthOf: (times) => ({ shape: "size", times, make: (size) => size }),
  });

  test("the fuzzer finds a failure, and its smallest input", () => {
    const target = counting((size) => {
      if (size > 1_000) throw new Error("too large");
    });
    const { failures } = fuzz(target, { seed, inputs, mostFailures: 1 });
    expect(failures).toMatchObject([{ problem: "size: an error", repro: "1001" }]);
  });

  test("the fuzzer finds an input that takes too long", () => {
    const target = counting(() => {
      for (const end = performance.now() + 40; performance.now() < end; );
    });
    const { failures } = fuzz(target, { seed, inputs: 1, mostMs: 2 });
    expect(failures).toMatchObject([{ problem: expect.stringMatching(/^takes \d+/) }]);
  });

  test("the fuzzer finds a shape whose time grows faster than its length", () => {
    // Time that grows with the cube shows on a busy machine, too.
    const target = counting((size) => {
      let sum = 0;
      for (let at = 0; at < (size / 2_048) ** 3; at++) sum += at ^ size;
      return sum;
    });
    const { slowest } = fuzz(target, { seed, inputs: 20 });
    const [shape] = slowest;
    expect(slowest).toHaveLength(1);
    expect(shape !== undefined && isLinear(growthOf(target, shape))).toBe(false);
  });
});
