import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { examplePrograms } from "../harness/example-programs.ts";
import { quickStartConfig } from "../harness/quick-start-config.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { whyNotReal } from "./servers.ts";

// The quick start of the README and the examples, with the config.json of the quick start.

const run = promisify(execFile);
/** Each test starts up to four programs, on a machine that may be busy. */
const timeout = 60_000;
const [, program = ""] =
  readFileSync("README.md", "utf8").match(/^## Quick start\n.*?```ts\n(.*?)```/ms) ?? [];

/** Runs the program of the quick start against a server. */
async function runQuickStart(httpUrl: string): Promise<string> {
  const code = program.replace("http://localhost:8000/api", httpUrl);
  const options = ["--conditions=tscent-source", "--input-type=module-typescript", "--eval", code];
  return (await run("node", options)).stdout;
}

test("the quick start prints its comment with the embedded server and its config.json", {
  timeout,
}, async () => {
  await using server = await startTestServer({ config: JSON.parse(quickStartConfig()) });
  // These two are for the clients of users.
  expect(server.ignored).toEqual([
    "channel.without_namespace.allow_subscribe_for_client",
    "client.token.hmac_secret_key",
  ]);
  expect(await runQuickStart(server.httpUrl)).toBe("1 hi 0\n");
  expect(program).toContain("// 1 hi 0\n");
});

const obstacle = whyNotReal("a configuration of its own");
const title = `a real Centrifugo with exactly the config.json of the README${obstacle && ` (skipped: ${obstacle})`}`;

describe.skipIf(obstacle !== "")(title, () => {
  const start = () => {
    const { location } = inject("realServer");
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
    return startCentrifugoUnchanged(location.binary, quickStartConfig());
  };

  test("runs the quick start", { timeout }, async () => {
    await using server = await start();
    expect(await runQuickStart(server.httpUrl)).toBe("1 hi 0\n");
  });

  test.each(["http", "grpc"])("runs the examples over %s", { timeout }, async (transport) => {
    await using server = await start();
    const env = {
      ...process.env,
      CENT_TRANSPORT: transport,
      CENT_API_KEY: "api_key",
      CENT_TOKEN_SECRET: "a-secret-of-at-least-32-characters",
      CENT_URL: transport === "grpc" ? server.grpcUrl : server.httpUrl,
      CENT_WEBSOCKET_URL: server.webSocketUrl,
    };
    for (const { file, prints } of examplePrograms) {
      const printed = await run("node", ["--conditions=tscent-source", file], { env });
      expect([file, printed]).toEqual([file, { stdout: prints, stderr: "" }]);
    }
  });
});
