import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";

const run = promisify(execFile);

/** Runs a program in a process of its own, and gives what it wrote. */
async function output(program: string): Promise<string> {
  const source = `import { createClient } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};\n${program}`;
  const { stdout } = await run(
    process.execPath,
    ["--conditions=tscent-source", "--input-type=module", "--eval", source],
    // Shorter than a call's default deadline of 10 seconds.
    { timeout: 8_000 },
  );
  return stdout.trim();
}

test.each([
  ["http", false],
  ["http", true],
  ["grpc", false],
  ["grpc", true],
] as const)(
  "a client that is not closed does not keep the process alive: %s, batching %s",
  async (transport, batching) => {
    await using server = await startTestServer();
    const url = transport === "http" ? server.httpUrl : server.grpcUrl;
    const options = { transport, url, apiKey: server.apiKey, batching };
    expect(
      await output(`
      const cent = createClient(${JSON.stringify(options)});
      await cent.publish({ channel: "a", data: 1 });
      console.log("published");
    `),
    ).toBe("published");
  },
);

test("a call whose transport never answers keeps the process alive until its deadline", async () => {
  expect(
    await output(`
      const transport = { unary: () => new Promise(() => {}), stream: () => {} };
      const cent = createClient({ transport, timeoutMs: 100 });
      cent.info().catch((error) => console.log(error.name));
    `),
  ).toBe("CentTimeoutError");
});
