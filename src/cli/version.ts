import { createRequire } from "node:module";

/** The version of this package. */
export function version(): string {
  const read = createRequire(import.meta.url);
  return (read("tscent/package.json") as { version: string }).version;
}
