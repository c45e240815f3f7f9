import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, afterEach, expect, test, vi } from "vitest";

const { getBuiltinModule } = process;

afterEach(() => {
  Object.assign(process, { getBuiltinModule });
});

const load = () => {
  vi.resetModules();
  return import("../../src/limits/async-context.ts");
};

// The unit tests share one process: the next file must load the sources again, with the real globals.
afterAll(() => void vi.resetModules());

test("shared work runs in the async context of no caller", async () => {
  const { inNoContext } = await load();
  const storage = new AsyncLocalStorage<string>();
  const stores = storage.run("caller", () => [storage.getStore(), inNoContext(() => storage.getStore())]);
  expect(stores).toEqual(["caller", undefined]);
});

test("later work runs in the async context that was kept for it", async () => {
  const { keepContext } = await load();
  const storage = new AsyncLocalStorage<string>();
  const inFirst = storage.run("first", keepContext);
  const stores = storage.run("second", () => [inFirst(() => storage.getStore()), storage.getStore()]);
  expect(stores).toEqual(["first", "second"]);
});

test("a runtime without async contexts runs the work as it is", async () => {
  const loading = load();
  Object.assign(process, { getBuiltinModule: undefined });
  const { inNoContext, keepContext } = await loading;
  expect(inNoContext(() => 5)).toBe(5);
  expect(keepContext()(() => 6)).toBe(6);
});
