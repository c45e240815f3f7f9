import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface UnchangedCentrifugo extends AsyncDisposable {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly webSocketUrl: string;
}

const startTimeoutMs = 10_000;

/**
 * Starts a Centrifugo binary with the text of a config.json as it is. Only the environment gives it free ports of the
 * loopback interface, and turns usage statistics off. The server ends when it is disposed of.
 *
 * @param variables more environment variables
 */
export async function startCentrifugoUnchanged(
  binary: string,
  config: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<UnchangedCentrifugo> {
  const folder = mkdtempSync(join(tmpdir(), "centrifugo-"));
  writeFileSync(join(folder, "config.json"), config);
  const [httpPort, grpcPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH,
    CENTRIFUGO_HTTP_SERVER_ADDRESS: "127.0.0.1",
    CENTRIFUGO_HTTP_SERVER_PORT: `${httpPort}`,
    CENTRIFUGO_GRPC_API_ADDRESS: "127.0.0.1",
    CENTRIFUGO_GRPC_API_PORT: `${grpcPort}`,
    CENTRIFUGO_USAGE_STATS_DISABLED: "true",
    ...variables,
  };
  const server = spawn(binary, ["--config", "config.json"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const exited = once(server, "exit");
  const stop = async () => {
    server.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const httpUrl = `http://127.0.0.1:${httpPort}/api`;
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(httpUrl))) {
    if (server.exitCode === null && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      continue;
    }
    await stop();
    throw new Error(`${binary} did not start with this config.json:\n${config}\n${output}`);
  }
  return {
    httpUrl,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    webSocketUrl: `ws://127.0.0.1:${httpPort}/connection/websocket`,
    [Symbol.asyncDispose]: stop,
  };
}

/** Whether a server answers there, with whatever status. */
function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port was free");
  return address.port;
}
