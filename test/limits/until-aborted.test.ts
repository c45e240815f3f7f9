import { expect, test, vi } from "vitest";
import { untilAborted, untilGone } from "../../src/limits/until-aborted.ts";

const collect = async (values: AsyncIterable<number>) => {
  const seen: number[] = [];
  for await (const value of values) seen.push(value);
  return seen;
};

async function* numbers(steps: string[], until = 3) {
  try {
    for (let n = 1; n <= until; n++) yield n;
  } finally {
    steps.push("finally");
  }
}

test("all values come, in order, and then the end", async () => {
  const steps: string[] = [];
  const { signal } = new AbortController();
  expect(await collect(untilAborted(numbers(steps), signal, () => {}))).toEqual([1, 2, 3]);
  expect(steps).toEqual(["finally"]);
});

test("an error of the values comes out", async () => {
  const onLate = vi.fn();
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error("failed");
  }
  const { signal } = new AbortController();
  await expect(collect(untilAborted(failing(), signal, onLate))).rejects.toThrow("failed");
  expect(onLate).not.toHaveBeenCalled();
});

test("an abort ends the values at once, even if the next one never comes", async () => {
  const controller = new AbortController();
  const onReturn = vi.fn(async () => ({ done: true as const, value: undefined }));
  const never: AsyncIterator<number> = { next: () => new Promise<never>(() => {}), return: onReturn };
  const values = untilAborted({ [Symbol.asyncIterator]: () => never }, controller.signal, () => {});
  const collected = collect(values);
  controller.abort();
  expect(await collected).toEqual([]);
  expect(onReturn).toHaveBeenCalledTimes(1);
});

test("an error after the abort is late, and is no error of the values", async () => {
  const controller = new AbortController();
  const onLate = vi.fn();
  async function* late(): AsyncGenerator<number> {
    yield 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error("late");
  }
  const values = untilAborted(late(), controller.signal, onLate);
  expect(await values.next()).toEqual({ done: false, value: 1 });
  const next = values.next();
  controller.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  await vi.waitFor(() => expect(onLate).toHaveBeenCalledWith(new Error("late")));
});

test("an aborted signal gives no value, and a break runs finally", async () => {
  const steps: string[] = [];
  expect(await collect(untilAborted(numbers(steps), AbortSignal.abort(), () => {}))).toEqual([]);
  const { signal } = new AbortController();
  for await (const value of untilAborted(numbers(steps), signal, () => {})) if (value === 2) break;
  await vi.waitFor(() => expect(steps).toEqual(["finally"]));
});

test("a peer's values end with its error, and with the signal", async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error("premature close");
  }
  const { signal } = new AbortController();
  expect(await collect(untilGone(failing(), signal))).toEqual([1]);
  expect(await collect(untilGone(failing(), AbortSignal.abort()))).toEqual([]);
});
