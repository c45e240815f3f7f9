import { expect, test, vi } from "vitest";
import { bytesUpTo, joinedBytes } from "../../src/limits/bytes-up-to.ts";

const [one, two, three] = [Uint8Array.of(1), Uint8Array.of(2, 3), Uint8Array.of(4, 5, 6)];

test("the chunks of a body up to the limit are joined", async () => {
  expect(await bytesUpTo(6, [one, two, three])).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect(await bytesUpTo(0, [])).toEqual(new Uint8Array());
});

test("a body beyond the limit gives undefined, and its stream is canceled", async () => {
  const cancel = vi.fn();
  const pull = vi.fn((controller: ReadableStreamDefaultController<Uint8Array>) => controller.enqueue(two));
  const stream = new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 });
  expect(await bytesUpTo(5, stream)).toBeUndefined();
  expect(pull).toHaveBeenCalledTimes(3);
  expect(cancel).toHaveBeenCalledOnce();
});

test("a body that fails rejects with its error", async () => {
  const reason = new Error("reset");
  const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(reason) });
  await expect(bytesUpTo(5, stream)).rejects.toBe(reason);
});

test("a single chunk is not copied", () => {
  expect(joinedBytes([three])).toBe(three);
  expect(joinedBytes([one, two])).toEqual(Uint8Array.of(1, 2, 3));
});
