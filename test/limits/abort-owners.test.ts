import { expect, test, vi } from "vitest";
import { AbortWatch } from "../../src/limits/abort-watch.ts";

function setUp() {
  const controller = new AbortController();
  const aborted: string[] = [];
  const added = vi.spyOn(controller.signal, "addEventListener");
  const removed = vi.spyOn(controller.signal, "removeEventListener");
  const owners = ["a", "b", "c"].map((name) => ({ abort: () => void aborted.push(name) }));
  const watches = owners.map((owner) => AbortWatch.add(controller.signal, owner));
  const lift = (index: number) => watches[index]?.lift(owners[index] ?? expect.fail());
  return { controller, aborted, lift, added, removed, watches };
}

test("the owners of one signal share a listener, which leaves with the last of them", () => {
  const { added, removed, lift, watches, controller, aborted } = setUp();
  expect(new Set(watches).size).toBe(1);
  expect(added).toHaveBeenCalledOnce();
  lift(0);
  lift(0);
  lift(1);
  expect(removed).not.toHaveBeenCalled();
  lift(2);
  lift(2);
  expect(removed.mock.calls).toEqual([["abort", added.mock.calls[0]?.[1]]]);
  controller.abort();
  expect(aborted).toEqual([]);
  expect(AbortWatch.add(controller.signal, { abort: () => {} })).not.toBe(watches[0]);
});

test("an abort reaches the owners that are left, in the order of their arrival", () => {
  const { controller, aborted, lift } = setUp();
  lift(1);
  controller.abort();
  expect(aborted).toEqual(["a", "c"]);
});
