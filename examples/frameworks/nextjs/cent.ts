import { type CentClient, configFromEnv, createClient } from "tscent";

const store = globalThis as typeof globalThis & { cent?: CentClient };

/** One client for the process: a hot reload of this module finds it again. The first call makes it, not the import. */
export function cent(): CentClient {
  store.cent ??= createClient(configFromEnv());
  return store.cent;
}
