import type { buildConnector, Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { builtin } from "../node-builtins.ts";
import { messageOf } from "../transport-failure.ts";

/** The parts of undici that the client needs. */
export interface Undici {
  readonly Pool: typeof Pool;
  readonly buildConnector: typeof buildConnector;
  /** Loaded for a client with a proxy. Its agent calls `connect`, which undici's main entry gives to each dispatcher. */
  readonly proxy: { EnvHttpProxyAgent: typeof EnvHttpProxyAgent; connect: Dispatcher["connect"] } | undefined;
}

/** @throws if undici cannot be loaded */
export async function loadUndici(withProxy: boolean): Promise<Undici> {
  try {
    return await parts(withProxy);
  } catch (error) {
    const require = builtin("node:module").createRequire(import.meta.url);
    if (messageOf(error).startsWith("Dynamic require of ")) {
      // esbuild's ES modules have no `require`, which undici needs for Node.js's modules. They look for a global one.
      Object.defineProperty(globalThis, "require", { value: require, configurable: true, writable: true });
      return parts(withProxy);
    }
    // A later undici may have other files. An `import` of its main entry would put that into each bundle.
    if (`${Reflect.get(Object(error), "code")}`.endsWith("MODULE_NOT_FOUND"))
      return whole(require("undici") as typeof import("undici"));
    throw error;
  }
}

/** Loads undici's pool without its `fetch`, caches and mocks, which take most of the time of its main entry. */
async function parts(withProxy: boolean): Promise<Undici> {
  const [pool, connect, proxy] = await Promise.all([
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/dispatcher/pool.js") as Promise<{ default: typeof Pool }>,
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/core/connect.js") as Promise<{ default: typeof buildConnector }>,
    withProxy ? proxyParts() : undefined,
  ]);
  return { Pool: pool.default, buildConnector: connect.default, proxy };
}

function whole({ Pool, buildConnector, EnvHttpProxyAgent }: typeof import("undici")): Undici {
  return { Pool, buildConnector, proxy: { EnvHttpProxyAgent, connect: Pool.prototype.connect } };
}

async function proxyParts(): Promise<Undici["proxy"]> {
  const [agent, connect] = await Promise.all([
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/dispatcher/env-http-proxy-agent.js") as Promise<{ default: typeof EnvHttpProxyAgent }>,
    // @ts-expect-error: undici has no declarations for its files
    import("undici/lib/api/api-connect.js") as Promise<{ default: Dispatcher["connect"] }>,
  ]);
  return { EnvHttpProxyAgent: agent.default, connect: connect.default };
}
