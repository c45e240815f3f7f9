import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { config } from "../harness/batching-set-up.ts";
import { protocols } from "../harness/scripted-server.ts";

const program = `
import { createClient } from "tscent";
const [transport, url, apiKey] = process.argv.slice(1);
const cent = createClient({ transport, url, apiKey, retry: { baseDelayMs: 1 } });
createClient({ transport, url, apiKey });
await cent.publish({ channel: "two\\nlines", data: { text: "a secret of the application" } });
await cent.history({ channel: "chat" });
await cent.broadcast({ channels: ["a", "b"], data: 1 });
await cent.publish({ channel: "unknown:x", data: 1 }).catch(() => {});
await cent.publish({ channel: "chat", dta: "a secret of the application" }).catch(() => {});
await cent.publish({ channel: "chat", data: 1 }, { signal: AbortSignal.abort("enough") }).catch(() => {});
await cent.publishMany([{ channel: "a", data: 1 }, { channel: "unknown:b", data: 2 }]);
await cent.close();
`;

describe.each(protocols)("NODE_DEBUG over %s", (protocol) => {
  const linesWith = async (NODE_DEBUG: string) => {
    await using server = await startTestServer({ config });
    server.fail("history", { code: 100 });
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    const args = [
      "--conditions=tscent-source",
      "--input-type=module",
      "-e",
      program,
      protocol,
      url,
      server.apiKey,
    ];
    const { stderr } = await promisify(execFile)("node", args, { env: { ...process.env, NODE_DEBUG } });
    expect(stderr).not.toMatch(/a secret of the application|api_key/);
    return stderr.split("\n").filter((line) => line.startsWith("TSCENT"));
  };

  test.each(["tscent", "http,TSC*"])(
    "NODE_DEBUG=%s prints a line for each call, without data and keys",
    async (value) => {
      const lines = await linesWith(value);
      const shown = lines.map((line) => line.replace(/^TSCENT \d+: /, "").replace(/[\d.]+ ms/, "1 ms"));
      const aborted = protocol === "http" ? "aborted" : "aborted CANCELLED";
      expect(shown).toEqual([
        `publish "two\\nlines" over ${protocol}: ok in 1 ms, 1 attempt`,
        `history "chat" over ${protocol}: ok in 1 ms, 2 attempts`,
        `broadcast 2 channels over ${protocol}: ok in 1 ms, 1 attempt`,
        `publish "unknown:x" over ${protocol}: CentApiResponseError 102 in 1 ms, 1 attempt`,
        `publish "chat" over ${protocol}: CentRequestError in 1 ms, 0 attempts`,
        `publish "chat" over ${protocol}: ${aborted} in 1 ms, 0 attempts`,
        `publishMany over ${protocol}: ok in 1 ms, 2 taken, 1 succeeded, 1 failed, 0 unknown`,
      ]);
    },
  );

  test.each(["", "net"])("NODE_DEBUG=%j prints nothing about calls", async (value) => {
    expect(await linesWith(value)).toEqual([]);
  });
});
