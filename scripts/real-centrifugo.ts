// Finds a real Centrifugo for tests and benchmarks. The machine may have none.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface RealCentrifugo extends AsyncDisposable {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
  /** The name of the server in reports: its URLs, or the path of the binary. */
  readonly origin: string;
}

/** Part of Centrifugo's own config.json. `startCentrifugo` adds listeners and keys. */
export type CentrifugoConfig = Readonly<Record<string, unknown>>;

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/** A running Centrifugo, or a binary to start. */
export type CentrifugoLocation =
  | { readonly httpUrl: string; readonly grpcUrl: string; readonly apiKey: string }
  | { readonly binary: string };

/**
 * Finds a real Centrifugo: at CENT_HTTP_URL and CENT_GRPC_URL (key in CENT_API_KEY, by default "api_key"), else the
 * binary CENTRIFUGO_BIN, else `centrifugo` on the PATH. Undefined if the machine has none.
 */
export function locateCentrifugo(): CentrifugoLocation | undefined {
  const { CENT_HTTP_URL: httpUrl, CENT_GRPC_URL: grpcUrl, CENT_API_KEY: apiKey = "api_key" } = process.env;
  if (httpUrl !== undefined && grpcUrl !== undefined) return { httpUrl, grpcUrl, apiKey };
  const binary = process.env.CENTRIFUGO_BIN || onPath("centrifugo");
  return binary === undefined ? undefined : { binary };
}

/**
 * Gives the Centrifugo that `locateCentrifugo` finds. A running server keeps its own configuration. A binary is
 * started with `config` on free ports of the loopback interface, with usage statistics off.
 */
export async function findCentrifugo(config: CentrifugoConfig): Promise<RealCentrifugo | undefined> {
  const location = locateCentrifugo();
  if (location === undefined) return undefined;
  if ("binary" in location) return startCentrifugo(location.binary, config);
  const origin = `${location.httpUrl} and ${location.grpcUrl}`;
  return { ...location, origin, [Symbol.asyncDispose]: async () => {} };
}

/** Starts the binary, by default on free ports of the loopback interface. Disposing of the result ends the process. */
export async function startCentrifugo(
  binary: string,
  config: CentrifugoConfig,
  ports?: { readonly httpPort: number; readonly grpcPort: number },
): Promise<RealCentrifugo> {
  const { httpPort, grpcPort } = ports ?? { httpPort: await freePort(), grpcPort: await freePort() };
  const apiKey = "api_key";
  const folder = mkdtempSync(join(tmpdir(), "centrifugo-"));
  const file = join(folder, "config.json");
  const listeners = {
    http_server: { address: "127.0.0.1", port: httpPort },
    http_api: { key: apiKey },
    grpc_api: { enabled: true, address: "127.0.0.1", port: grpcPort, key: apiKey },
    health: { enabled: true },
    usage_stats: { disabled: true },
    log: { level: "error" },
  };
  writeFileSync(file, JSON.stringify(withSections(config, listeners)));
  const server = spawn(binary, ["--config", file], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  server.stdout.on("data", (chunk) => {
    output += chunk;
  });
  server.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const failed = once(server, "exit").then(([code]) => {
    throw new Error(`${binary} ended with exit code ${code} instead of starting:\n${output}`);
  });
  failed.catch(() => {
    // The server also exits when it is stopped. Only the start below waits for this error.
  });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const kill = setTimeout(() => server.kill("SIGKILL"), stopTimeoutMs);
      const exited = once(server, "exit");
      server.kill("SIGTERM");
      await exited;
      clearTimeout(kill);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([failed, untilHealthy(`http://127.0.0.1:${httpPort}/health`)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    httpUrl: `http://127.0.0.1:${httpPort}/api`,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    apiKey,
    origin: binary,
    [Symbol.asyncDispose]: stop,
  };
}

/** Adds settings to sections of the configuration. A section that is not an object stays, for the server to refuse. */
function withSections(
  config: CentrifugoConfig,
  sections: Readonly<Record<string, object>>,
): CentrifugoConfig {
  const merged = Object.entries(sections).map(([name, section]) => {
    const given = config[name] ?? {};
    const isSection = typeof given === "object" && !Array.isArray(given);
    return [name, isSection ? { ...given, ...section } : given];
  });
  return { ...config, ...Object.fromEntries(merged) };
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const healthy = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    );
    if (healthy) return;
    if (Date.now() > deadline)
      throw new Error(`Centrifugo did not become healthy at ${url} within ${startTimeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("found no free port");
  return address.port;
}

function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The folder has no such program.
    }
  }
  return undefined;
}
