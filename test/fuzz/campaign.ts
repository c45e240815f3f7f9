import type { FuzzTarget, Growth, Outcome, Verdict } from "./fuzz-target.ts";
import { Random } from "./random.ts";

/** Shorter inputs do not show how time grows. */
const leastBytes = 4096;

export interface Failure {
  readonly index: number;
  readonly problem: string;
  readonly repro: string;
}

/** A shape of inputs with its time per byte. */
export interface SlowShape<Input> extends Growth<Input> {
  readonly nsPerByte: number;
}

export interface Report<Input> {
  readonly failures: readonly Failure[];
  /** The number of outcomes of each kind. */
  readonly counts: ReadonlyMap<string, number>;
  readonly longest: { readonly ms: number; readonly bytes: number; readonly index: number };
  /** The ten shapes with the longest time per byte. */
  readonly slowest: readonly SlowShape<Input>[];
}

export interface CampaignOptions {
  readonly seed: number;
  readonly inputs: number;
  /** The number of failures after which the campaign ends. */
  readonly mostFailures?: number;
  /** Milliseconds of CPU that an input of up to 64 KiB may take. */
  readonly mostMs?: number;
  /** Called before each input, so that an input that hangs is known. */
  readonly onInput?: (index: number) => void;
}

/** Gives inputs to a target, and collects the failures. */
export function fuzz<Input, Value>(
  target: FuzzTarget<Input, Value>,
  { seed, inputs, mostFailures = 10, mostMs = 200, onInput }: CampaignOptions,
): Report<Input> {
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  const shapes = new Map<string, SlowShape<Input>>();
  let longest = { ms: 0, bytes: 0, index: 0 };
  for (let index = 0; index < inputs && failures.length < mostFailures; index++) {
    onInput?.(index);
    const input = target.make(new Random(seed, index));
    const bytes = target.sizeOf(input);
    const { outcome, ms } = timed(target, input);
    const verdict = judged(target, input, outcome);
    counts.set(verdict.kind, (counts.get(verdict.kind) ?? 0) + 1);
    if (verdict.problem !== undefined) failures.push(failureOf(target, input, index, verdict));
    if (ms > longest.ms) {
      const again = Math.min(ms, cpuMs(target, input));
      if (again > longest.ms) longest = { ms: again, bytes, index };
      if (again > mostMs) failures.push({ index, problem: `takes ${again} ms`, repro: target.show(input) });
    }
    keepSlowest(target, input, ms, shapes);
  }
  return { failures, counts, longest, slowest: [...shapes.values()] };
}

function timed<Input, Value>(target: FuzzTarget<Input, Value>, input: Input) {
  const started = performance.now();
  let outcome: Outcome<Value>;
  try {
    outcome = { value: target.run(input) };
  } catch (error) {
    outcome = { error };
  }
  return { outcome, ms: performance.now() - started };
}

/** The best CPU time of an input. The clock also counts other processes, and the garbage of other inputs. */
function cpuMs<Input, Value>(target: FuzzTarget<Input, Value>, input: Input): number {
  const times = [1, 2].map(() => {
    const before = process.cpuUsage();
    timed(target, input);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

/** Keeps a shape that is among the slowest in a second measurement, too: the first may include garbage collection. */
function keepSlowest<Input, Value>(
  target: FuzzTarget<Input, Value>,
  input: Input,
  ms: number,
  shapes: Map<string, SlowShape<Input>>,
): void {
  const growth = target.growthOf(input);
  const bytes = target.sizeOf(input);
  if (growth === undefined || bytes < leastBytes) return;
  const fastest = [...shapes.values()].reduce<SlowShape<Input> | undefined>(
    (least, shape) => (least === undefined || shape.nsPerByte < least.nsPerByte ? shape : least),
    undefined,
  );
  const isFull = shapes.size === 10;
  const least = shapes.get(growth.shape)?.nsPerByte ?? (isFull ? (fastest?.nsPerByte ?? 0) : 0);
  if ((ms * 1e6) / bytes <= least) return;
  const nsPerByte = (Math.min(ms, timed(target, input).ms, timed(target, input).ms) * 1e6) / bytes;
  if (nsPerByte <= least) return;
  if (isFull && !shapes.has(growth.shape) && fastest !== undefined) shapes.delete(fastest.shape);
  shapes.set(growth.shape, { ...growth, nsPerByte });
}

/** Reports an error of the oracle like a failure of the target. */
function judged<Input, Value>(
  target: FuzzTarget<Input, Value>,
  input: Input,
  outcome: Outcome<Value>,
): Verdict {
  try {
    return target.judge(input, outcome);
  } catch (error) {
    return { kind: "oracle", problem: `the oracle failed: ${(error as Error).stack}` };
  }
}

function failureOf<Input, Value>(
  target: FuzzTarget<Input, Value>,
  input: Input,
  index: number,
  { kind, problem }: Verdict,
): Failure {
  const failsAlike = (smaller: Input) => {
    const verdict = judged(target, smaller, timed(target, smaller).outcome);
    return verdict.kind === kind && verdict.problem !== undefined;
  };
  const least = failsAlike(input) ? target.minimize(input, failsAlike) : input;
  const now = judged(target, least, timed(target, least).outcome).problem;
  // The reader remembers guesses from one text to the next, so a failure may need the inputs before it.
  if (now === undefined)
    return { index, problem: `${kind}: ${problem} (not alone)`, repro: target.show(input) };
  return { index, problem: `${kind}: ${now}`, repro: target.show(least) };
}
