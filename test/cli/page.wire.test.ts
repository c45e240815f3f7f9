import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { runInShell } from "../harness/shell-command.ts";

const page = readFileSync("docs/cli.md", "utf8");
const folder = mkdtempSync(join(tmpdir(), "cli-page-"));
const address = { http: "http://localhost:8000/api", grpc: "http://localhost:10000" };
let server: TestServer;

/** The commands of the page, each with the output that the page shows. */
const commands = [...page.matchAll(/```console\n(.*?)```/gs)].flatMap(([, block = ""]) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part): [command: string, output: string] => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1)];
    }),
);

beforeAll(async () => {
  const key = "api_key";
  server = await startTestServer({
    config: {
      http_api: { key },
      grpc_api: { enabled: true, key },
      channel: { without_namespace: { history_size: 100, history_ttl: "300s", presence: true } },
    },
  });
  const program = `exec node --conditions=tscent-source "${resolve("src/cli/main.ts")}"`;
  writeFileSync(join(folder, "npx"), `#!/bin/sh\nshift\n${program} "$@"\n`);
  chmodSync(join(folder, "npx"), 0o755);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const env: Record<string, string> = {
  PATH: `${folder}${delimiter}${resolve("node_modules/.bin")}${delimiter}${process.env.PATH}`,
};

/** A pattern of an output, in which `…` stands for any text. */
const patternOf = (output: string) =>
  new RegExp(
    `^${output
      .split("…")
      .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
      .join("[^]*?")}$`,
  );

describe.skipIf(process.platform === "win32")("docs/cli.md", () => {
  test("the page shows more than ten commands", () => expect(commands.length).toBeGreaterThan(10));

  // One after another, as each sees what the commands before it have published.
  test.each(commands)("%s writes what the page shows", async (command, output) => {
    const actual = (text: string) =>
      text.replaceAll(address.http, server.httpUrl).replaceAll(address.grpc, server.grpcUrl);
    if (command.startsWith("export ")) {
      for (const [, name = "", value = ""] of command.matchAll(/(\w+)=(\S+)/g)) env[name] = actual(value);
      return;
    }
    const { out } = await runInShell('sh -c "$1" 2>&1', [actual(command)], { cwd: folder, env });
    expect(out).toMatch(patternOf(actual(output)));
  });
});
