import type { buildConnector, Pool } from "undici";
import { builtin } from "../node-builtins.ts";
import { messageOf } from "../transport-failure.ts";

/** The parts of undici that the client needs. */
export interface Undici {
  readonly Pool: typeof Pool;
  readonly buildConnector: typeof buildConnector;
}

/** @throws if undici cannot be loaded */
export async function loadUndici(): Promise<Undici> {
  try {
    return await parts();
  } catch (error) {
    const require = builtin("node:module").createRequire(import.meta.url);
    if (messageOf(error).startsWith("Dynamic require of ")) {
      // esbuild's ES modules have no `require`, which undici needs for Node.js's modules. They look for a global one.
      Object.defineProperty(globalThis, "require", { value: require, configurable: true, writable: true });
      return parts();
    }
    // A later undici may have other files. An `import` of its main entry would put that into each bundle.
    if (`${Reflect.get(Object(error), "code")}`.endsWith("MODULE_NOT_FOUND"))
      return require("undici") as Undici;
    throw error;
  }
}

/** Loads undici's pool without its `fetch`, caches and mocks, which take most of the time of its main entry. */
async function parts(): Promise<Undici> {
  const [pool, connect] = await Promise.all([
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/dispatcher/pool.js") as Promise<{ default: typeof Pool }>,
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/core/connect.js") as Promise<{ default: typeof buildConnector }>,
  ]);
  return { Pool: pool.default, buildConnector: connect.default };
}
