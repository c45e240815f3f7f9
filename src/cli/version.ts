import { createRequire } from "node:module";

export function version(): string {
  const read = createRequire(import.meta.url);
  return (read("tscent/package.json") as { version: string }).version;
}
