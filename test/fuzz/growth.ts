import type { SlowShape } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { outcomeOf } from "./fuzz-target.ts";

/** The bytes of the shorter input. The longer input has four times as many. */
const shortBytes = 64 * 1024;
/** A fourfold input takes 4 times as long in linear time, and 16 times in quadratic time. */
const mostGrowth = 9;
/** Milliseconds after which no measurement begins. */
const mostMs = 4_000;

/** The factor by which the time of a shape grows with a fourfold input. */
export function growthOf<Input, Value>(target: FuzzTarget<Input, Value>, shape: SlowShape<Input>): number {
  const first = growthFrom(target, shape, shortBytes, 6);
  // Garbage collection can raise the time once in this range. Quadratic time also grows as fast beyond it.
  return isLinear(first) ? first : Math.min(first, growthFrom(target, shape, 4 * shortBytes, 2));
}

function growthFrom<Input, Value>(
  target: FuzzTarget<Input, Value>,
  shape: SlowShape<Input>,
  bytes: number,
  attempts: number,
): number {
  const unitBytes = Math.max(1, (target.sizeOf(shape.make(1_000)) - target.sizeOf(shape.make(0))) / 1_000);
  const times = Math.ceil(bytes / unitBytes);
  const [short, long] = [shape.make(times), shape.make(4 * times)];
  const until = performance.now() + mostMs;
  let least = Number.POSITIVE_INFINITY;
  for (let left = attempts; left > 0 && !isLinear(least) && performance.now() < until; left--) {
    // The clock is too coarse for less than a tenth of a millisecond.
    least = Math.min(least, fastest(target, long) / Math.max(fastest(target, short), 0.1));
  }
  return least;
}

export const isLinear = (growth: number): boolean => growth <= mostGrowth;

function fastest<Input, Value>(target: FuzzTarget<Input, Value>, input: Input): number {
  const times: number[] = [];
  const until = performance.now() + mostMs / 4;
  do {
    const started = performance.now();
    outcomeOf(() => target.run(input));
    times.push(performance.now() - started);
  } while (times.length < 4 && performance.now() < until);
  return Math.min(...times);
}
