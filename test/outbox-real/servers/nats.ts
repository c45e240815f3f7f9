import { freePort } from "../../chaos/servers/ports.ts";
import type { Program } from "../../chaos/servers/program.ts";
import { findProgram, startProgram } from "../../chaos/servers/program.ts";

/** The path of the NATS server: NATS_SERVER_BIN, else `nats-server` on the PATH; undefined if there is none. */
export function natsBinary(): string | undefined {
  return process.env.NATS_SERVER_BIN || findProgram("nats-server");
}

/** Starts NATS with JetStream on loopback. */
export async function startNats(binary: string): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort();
  const program: Program = await startProgram(binary, [port], (folder) => [
    ...["--addr", "127.0.0.1", "--port", String(port)],
    ...["--jetstream", "--store_dir", folder],
  ]);
  return { url: `nats://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}
