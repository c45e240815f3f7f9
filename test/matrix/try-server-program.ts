import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createClient } from "../../src/index.ts";
import type { Project } from "./project.ts";

/** Makes a program listen on loopback, and print its address. */
const loopback = fileURLToPath(new URL("fixtures/loopback.cjs", import.meta.url));
const timeoutMs = 60_000;

interface Particulars {
  /** The framework ends the process by the signal. Without it, the exit code of a program that closes all is 0. */
  readonly endsBySignal?: boolean;
  /** More to try at the server's address. */
  readonly alsoTry?: (address: string) => Promise<void>;
  /** Further variables of the program. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a server of examples/frameworks over each transport, tries its route, and ends it by SIGTERM.
 *
 * @param program the program's file and its arguments
 */
export async function tryServerProgram(
  project: Project,
  program: readonly string[],
  { endsBySignal = false, alsoTry, env = {} }: Particulars = {},
): Promise<void> {
  const { httpUrl, grpcUrl } = project.server;
  for (const [transport, url] of Object.entries({ http: httpUrl, grpc: grpcUrl })) {
    const running = spawn("node", ["--require", loopback, ...program], {
      cwd: project.folder,
      env: { ...process.env, ...project.env, ...env, CENT_TRANSPORT: transport, CENT_URL: url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    try {
      const address = await addressIn(running, output);
      await tryRoute(project, address);
      await alsoTry?.(address);
      running.kill("SIGTERM");
      const [code, signal] = await once(running, "exit", { signal: AbortSignal.timeout(timeoutMs) });
      const isSignalled = signal === "SIGTERM" || code === 128 + constants.signals.SIGTERM;
      assert.ok(endsBySignal ? isSignalled : code === 0, `SIGTERM ended the program with ${signal ?? code}`);
    } catch (error) {
      throw new Error(`${program.join(" ")} over ${transport}: ${error}\n${output.join("\n")}`);
    } finally {
      running.kill("SIGKILL");
    }
  }
}

/** Collects the program's output, and finds the address in it. */
function addressIn(
  { stdout, stderr }: { readonly stdout: Readable; readonly stderr: Readable },
  output: string[],
): Promise<string> {
  createInterface(stderr).on("line", (line) => output.push(line));
  return new Promise((resolve, reject) => {
    createInterface(stdout)
      .on("line", (line) => {
        output.push(line);
        const [, address] = /^listening at (.*)$/.exec(line) ?? [];
        if (address !== undefined) resolve(address);
      })
      .on("close", () => reject(new Error("the program ended before it listened")));
  });
}

/** Posts a message and looks for it in Centrifugo, then posts a message that Centrifugo refuses. */
async function tryRoute({ server }: Project, address: string): Promise<void> {
  const room = randomUUID();
  const message = { text: "hi" };
  const post = (toRoom: string) =>
    fetch(`${address}/rooms/${toRoom}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(timeoutMs),
    });
  assert.equal((await post(room)).status, 204);
  await using cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
  const { publications } = await cent.history({ channel: `room_${room}`, limit: -1 });
  assert.deepEqual(
    publications.map(({ data }) => data),
    [message],
  );
  const { status } = await post("unknown:namespace");
  assert.ok(status >= 500, `the status is ${status} for an unknown namespace`);
}
