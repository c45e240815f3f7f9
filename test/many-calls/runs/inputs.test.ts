import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { createTestClient } from "../../../src/testing/index.ts";
import { itemsOf, publications } from "./set-up.ts";

const { client } = createTestClient();
const publication = { channel: "chat", data: 1 };

/** An input of one value that tells whether it is closed. */
function closable() {
  const values = [publication].values();
  const next = () => values.next();
  const close = vi.fn(() => ({ done: true, value: undefined }) as const);
  return {
    close,
    sync: { [Symbol.iterator]: () => ({ next, return: close }) },
    async: { [Symbol.asyncIterator]: () => ({ next: async () => next(), return: async () => close() }) },
  };
}

describe("the input of a run", () => {
  test("null is refused like any other value that is no input", () => {
    for (const call of [
      () => client.publishMany(null as never),
      () => client.broadcastMany(null as never, {} as never),
    ])
      expect(call).toThrow(/Many: expected an iterable or an async iterable, and no string$/);
  });

  test("an async input without values ends its run", async () => {
    async function* none() {}
    expect(await client.publishMany(none())).toEqual({ taken: 0, succeeded: 0, failed: 0, unknown: 0 });
  });

  test("an async input whose first value does not come ends its run with the error", async () => {
    const input = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("no file")) }) };
    await expect(client.publishMany(input)).rejects.toThrow("no file");
  });

  test.each(["sync", "async"] as const)("a run does not close a %s input that has ended", async (kind) => {
    const { close, ...inputs } = closable();
    expect(await client.publishMany(inputs[kind])).toMatchObject({ succeeded: 1 });
    expect(close).not.toHaveBeenCalled();
  });

  test("a run reads its async input on while its reader works on an item", async () => {
    async function* input() {
      for (const value of publications(10)) {
        await nextTurn();
        yield value;
      }
    }
    const run = client.publishMany(input());
    const items = run[Symbol.asyncIterator]();
    await items.next();
    for (let n = 0; n < 50; n++) await nextTurn();
    expect(run.progress.taken).toBe(10);
    await items.return();
  });

  test("a run takes at most maxCommands values in a turn, so that others get their turn", async () => {
    const run = client.publishMany(publications(60), { maxCommands: 2, inFlight: 100 });
    const steps: number[] = [];
    for (let before = 0; before < 60; ) {
      await nextTurn();
      steps.push(run.progress.taken - before);
      before = run.progress.taken;
    }
    expect(Math.max(...steps)).toBe(2);
    await run;
  });

  test("a run has room again for the bytes of items that its reader has taken", async () => {
    const run = client.publishMany(publications(50), { maxBytes: 200, inFlight: 1 });
    expect(await run).toMatchObject({ succeeded: 50 });
  });

  test("the error of an empty channel names its place", async () => {
    const [, item] = await itemsOf(client.broadcastMany(["a", ""], { data: 1 }));
    expect(item).toMatchObject({ ok: false, error: { field: "channels[1]" } });
  });
});
