import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findCentrifugo } from "../../scripts/real-centrifugo.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { givenTarball } from "../harness/given-tarball.ts";
import { runCommand } from "./run-command.ts";
import type { ServerAddress, Setting } from "./setting.ts";

const config = {
  http_api: { key: "api_key" },
  grpc_api: { enabled: true, key: "api_key" },
  channel: { without_namespace: { history_size: 100, history_ttl: "300s", presence: true } },
};

/** A server for all rows: a real Centrifugo if there is one, otherwise the embedded server. */
async function startServer(): Promise<ServerAddress & AsyncDisposable & { readonly name: string }> {
  const real = await findCentrifugo(config);
  if (real !== undefined)
    return {
      ...real,
      name: `Centrifugo at ${real.origin}`,
      [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
    };
  const server = await startTestServer({ config });
  const { httpUrl, grpcUrl, apiKey } = server;
  return {
    httpUrl,
    grpcUrl,
    apiKey,
    name: "the embedded server",
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Packs the package as `npm publish` does. */
async function pack(folder: string): Promise<string> {
  const output = await runCommand(["npm", "pack", "--json", "--pack-destination", folder], { cwd: "." });
  const [{ filename }] = JSON.parse(output.slice(output.search(/^\[/m), output.lastIndexOf("]") + 1)) as [
    { filename: string },
  ];
  return join(folder, filename);
}

/** The tarball of a release, or of this working tree. npm installs a file of the same name once only, so the name has a hash. */
async function namedTarball(cache: string): Promise<string> {
  const folder = mkdtempSync(join(cache, "pack-"));
  try {
    const packed = givenTarball() ?? (await pack(folder));
    const hash = createHash("sha256").update(readFileSync(packed)).digest("hex").slice(0, 12);
    const tarball = join(cache, `tscent-${hash}.tgz`);
    copyFileSync(packed, tarball);
    return tarball;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Entries that need a package which most projects do not have. The rows of NestJS try the first one. */
const withPeers = ["./nestjs", "./otel"];

/** The names by which programs import the package. */
export function entriesOf(packageJson: string): string[] {
  const { name, exports } = JSON.parse(packageJson) as { name: string; exports: object };
  return Object.keys(exports)
    .filter((path) => !path.endsWith(".json") && !withPeers.includes(path))
    .map((path) => path.replace(".", name));
}

/** Names the tarball, and starts the server. */
export async function setUp(
  cache: string,
): Promise<Setting & AsyncDisposable & { readonly serverName: string }> {
  mkdirSync(cache, { recursive: true });
  const tarball = await namedTarball(cache);
  const entries = entriesOf(readFileSync("package.json", "utf8"));
  const server = await startServer();
  return {
    cache,
    tarball,
    entries,
    server,
    serverName: server.name,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
