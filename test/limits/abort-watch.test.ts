import { describe, expect, test, vi } from "vitest";
import { createClient } from "../../src/index.ts";
import { AbortWatch } from "../../src/limits/abort-watch.ts";
import { rejection } from "../harness/expected-error.ts";

function setUp() {
  const controller = new AbortController();
  const { signal } = controller;
  const aborted: string[] = [];
  const add = (name: string) => {
    const owner = { abort: () => void aborted.push(name) };
    const watch = AbortWatch.add(signal, owner);
    return { lift: () => watch.lift(owner) };
  };
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  return { controller, aborted, add, listeners: () => added.mock.calls.length - removed.mock.calls.length };
}

describe("AbortWatch", () => {
  test("an abort reaches all owners in the order of their adding", () => {
    const { controller, aborted, add } = setUp();
    for (const name of ["a", "b", "c"]) add(name);
    controller.abort();
    expect(aborted).toEqual(["a", "b", "c"]);
  });

  test("an abort does not reach an owner that lifted its watch", () => {
    const { controller, aborted, add } = setUp();
    const [first] = ["a", "b"].map(add);
    first?.lift();
    first?.lift();
    controller.abort();
    expect(aborted).toEqual(["b"]);
  });

  test("owners share one listener, which goes with the last owner", () => {
    const { aborted, add, listeners, controller } = setUp();
    const all = ["a", "b", "c"].map(add);
    expect(listeners()).toBe(1);
    for (const one of all) one.lift();
    expect(listeners()).toBe(0);
    const again = add("d");
    expect(listeners()).toBe(1);
    controller.abort();
    expect(aborted).toEqual(["d"]);
    again.lift();
    expect(listeners()).toBe(0);
  });
});

/** Answers a publish, or a batch of publishes. */
const fetch = async (_url: unknown, init?: RequestInit) => {
  const { commands } = JSON.parse(`${init?.body}`) as { commands?: unknown[] };
  return new Response(JSON.stringify({ result: {}, replies: commands?.map(() => ({ publish: {} })) }));
};

describe.each([false, true])("a signal, with batching %s", (batching) => {
  const open = () => createClient({ url: "http://centrifugo.test/api", http: { fetch }, batching });

  test.each(["addEventListener", "removeEventListener"] as const)(
    "a signal whose %s throws fails its call",
    async (name) => {
      await using cent = open();
      const { signal } = new AbortController();
      vi.spyOn(signal, name).mockImplementation(() => {
        throw new TypeError("odd signal");
      });
      const error = await rejection(cent.publish({ channel: "a", data: 1 }, { signal }));
      expect(String(error)).toContain("odd signal");
    },
  );
});
