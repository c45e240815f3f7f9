import type { Program } from "./program.ts";
import { startProgram } from "./program.ts";

/** Redis without files. */
export function startRedis(port: number): Promise<Program> {
  return startProgram("redis-server", [port], (folder) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...["--save", "", "--appendonly", "no"],
  ]);
}
