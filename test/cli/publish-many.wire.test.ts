import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { runCommand } from "./run-command.ts";

const line = (data: unknown, channel = "a") => `${JSON.stringify({ channel, data })}\n`;

describe("the input of publish-many", () => {
  let server: TestServer;
  let environment: Record<string, string>;
  beforeAll(async () => {
    server = await startTestServer();
    environment = { CENT_URL: server.httpUrl, CENT_API_KEY: server.apiKey };
    return () => server.close();
  });
  const publishMany = (input: string | Uint8Array, ...args: string[]) =>
    runCommand(["publish-many", ...args], environment, { input });

  test("publish-many skips blank lines, and counts them in the numbers of lines", async () => {
    const input = `\n${line(1)} \t\r\n\n${line(2, "no-such:b")}\n${line(3)}\n\n`;
    const { code, out, complaint } = await publishMany(input);
    expect([code, out]).toEqual([1, "3 taken, 2 succeeded, 1 failed, 0 unknown\n"]);
    expect(complaint).toMatch(/^tscent: line 5: publish to no-such:b: unknown channel \(102\)[^\n]*\n$/);
    const items = (await publishMany(input, "--json")).out.trimEnd().split("\n");
    expect(items.map((item) => JSON.parse(item).line)).toEqual([2, 5, 7]);
    expect((await publishMany(`${line(1)}\n\n{`)).complaint).toBe("tscent: line 4: expected JSON\n");
  });

  test.each(["", "\n", " \r\n\n"])("publish-many publishes nothing for the input %j", async (input) => {
    const { code, out, complaint } = await publishMany(input);
    expect([code, out, complaint]).toEqual([0, "0 taken, 0 succeeded, 0 failed, 0 unknown\n", ""]);
  });

  test("publish-many refuses a line that is not UTF-8, in place of sending another text", async () => {
    const latin1 = Buffer.from(`${line("ok")}${line("caf\u00e9")}`, "latin1");
    const { code, complaint } = await publishMany(latin1);
    expect([code, complaint]).toEqual([2, "tscent: line 2: expected UTF-8\n"]);
    expect((await publishMany(`\ufeff${line(1)}`)).code).toBe(0);
  });

  test("publish-many shows ten failures, and says how many more there are", async () => {
    const { complaint } = await publishMany(line(1, "no-such:b").repeat(12));
    const lines = complaint.trimEnd().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe("tscent: 2 more failures; --json shows all");
  });

  test.each(["null", "1", '"a"', "[]", "[[]]", "{}", '{"channel":1,"data":1}', '{"chanel":"a","data":1}'])(
    "publish-many reports the line %s, which is no publication, and goes on",
    async (wrong) => {
      const { code, out, complaint } = await publishMany(`${wrong}\n${line(1)}`);
      expect([code, out]).toEqual([1, "2 taken, 1 succeeded, 1 failed, 0 unknown\n"]);
      expect(complaint).toMatch(/^tscent: line 1: publish: [^\n]+\n$/);
    },
  );
});

/** Starts the program with an input that stays open. */
function start(server: TestServer, ...args: string[]) {
  const program = ["--conditions=tscent-source", "src/cli/main.ts", "publish-many", ...args];
  const child = spawn("node", program, {
    env: { PATH: process.env.PATH, CENT_URL: server.httpUrl, CENT_API_KEY: server.apiKey },
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, said, exit: once(child, "exit") };
}

const published = (server: TestServer) =>
  server.calls.flatMap(({ method, request }) =>
    method === "batch" ? (request as { commands: unknown[] }).commands : [request],
  );

describe.skipIf(process.platform === "win32")("Ctrl-C", { timeout: 30_000 }, () => {
  test.each([
    ["with counts", []],
    ["with NDJSON", ["--json"]],
  ])(
    "Ctrl-C ends the input of publish-many %s, waits for replies, and says where to go on",
    async (_, args) => {
      await using server = await startTestServer();
      server.fail("batch", { delayMs: 1_000 });
      const { child, said, exit } = start(server, ...args);
      child.stdin.write(`${line(1)}\n${line(2)}{"channel":"half`);
      await expect.poll(() => server.calls.length, { timeout: 20_000 }).toBe(1);
      child.kill("SIGINT");
      expect(await exit).toEqual([130, null]);
      const [out, complaint] = await said;
      const counts = "2 taken, 2 succeeded, 0 failed, 0 unknown\n";
      expect(args.length > 0 ? complaint : out).toContain(counts);
      expect(complaint).toMatch(/^tscent: waiting for [^\n]+; Ctrl-C again ends at once\n/);
      expect(complaint).toMatch(/tscent: interrupted; go on from line 4 of the input\n$/);
      expect(published(server)).toHaveLength(2);
    },
  );

  test("a second Ctrl-C ends publish-many at once", async () => {
    await using server = await startTestServer();
    server.fail("publish", { delayMs: 20_000 });
    const { child, exit, said } = start(server);
    child.stdin.write(line(1));
    await expect.poll(() => server.calls.length, { timeout: 20_000 }).toBe(1);
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += chunk;
    });
    child.kill("SIGINT");
    await expect.poll(() => complaint).toContain("again");
    child.kill("SIGINT");
    expect(await exit).toEqual([null, "SIGINT"]);
    await said;
  });

  test("Ctrl-C during an endless input leaves a line from which it can go on", async () => {
    await using server = await startTestServer();
    const { child, said, exit } = start(server);
    let n = 0;
    const more = () => {
      while (child.stdin.writable && child.stdin.write(line(++n)));
    };
    child.stdin.on("drain", more).on("error", () => {});
    more();
    await expect.poll(() => server.calls.length, { timeout: 20_000 }).toBeGreaterThan(5);
    child.kill("SIGINT");
    expect(await exit).toEqual([130, null]);
    const [out, complaint] = await said;
    const [, next] = /go on from line (\d+) of the input\n$/.exec(complaint) ?? [];
    expect(out).toBe(`${Number(next) - 1} taken, ${Number(next) - 1} succeeded, 0 failed, 0 unknown\n`);
    expect(published(server)).toHaveLength(Number(next) - 1);
  });
});
