import type * as Undici from "undici";
import { buildConnector, EnvHttpProxyAgent, Pool } from "undici";
import { afterEach, expect, test, vi } from "vitest";
import type { loadUndici } from "../../../src/transport/http/load-undici.ts";

const poolFile = "undici/lib/dispatcher/pool.js";

afterEach(() => {
  vi.doUnmock(poolFile);
  vi.resetModules();
  Reflect.deleteProperty(globalThis, "require");
});

/** Loads undici, whose file of the pool may throw an error `count` times. */
async function load(withProxy: boolean, error?: Error, count = 1): ReturnType<typeof loadUndici> {
  let thrown = 0;
  const pool = {
    get default(): typeof Undici.Pool {
      if (error !== undefined && thrown++ < count) throw error;
      return Pool;
    },
  };
  vi.resetModules();
  if (error !== undefined) vi.doMock(poolFile, () => pool);
  const fresh = await import("../../../src/transport/http/load-undici.ts");
  return fresh.loadUndici(withProxy);
}

const notFound = (code: string) => Object.assign(new Error("no such file"), { code });

test("a client loads undici's pool, and its proxy agent only for a proxy", async () => {
  expect(await load(false)).toEqual({ Pool, buildConnector, proxy: undefined });
  const { proxy } = await load(true);
  expect(proxy?.EnvHttpProxyAgent).toBe(EnvHttpProxyAgent);
  expect(proxy?.connect).toBe(Pool.prototype.connect);
});

test.each(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"])(
  "a client loads all of undici if a file of it is missing, with %s",
  async (code) => {
    const { proxy, ...parts } = await load(false, notFound(code));
    expect(parts).toEqual({ Pool, buildConnector });
    expect(proxy).toEqual({ EnvHttpProxyAgent, connect: Pool.prototype.connect });
    expect("require" in globalThis).toBe(false);
  },
);

test("a client gives undici a global `require` where a bundle has none", async () => {
  const error = new Error('Dynamic require of "node:net" is not supported');
  const { proxy, ...parts } = await load(true, error);
  expect(parts).toEqual({ Pool, buildConnector });
  expect(proxy?.EnvHttpProxyAgent).toBe(EnvHttpProxyAgent);
  const { value, ...property } = Object.getOwnPropertyDescriptor(globalThis, "require") ?? {};
  expect(property).toEqual({ configurable: true, writable: true, enumerable: false });
  expect(value("undici").Pool).toBe(Pool);
});

test("a client passes on another error, and the second one of a bundle without `require`", async () => {
  const other = notFound("ERR_MODULE_NOT_FOUND_AT_ALL");
  await expect(load(false, other)).rejects.toBe(other);
  const bundled = new Error('Dynamic require of "node:net" is not supported');
  await expect(load(false, bundled, 2)).rejects.toBe(bundled);
});
