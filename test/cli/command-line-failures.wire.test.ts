import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { runInShell } from "../harness/shell-command.ts";

const folder = mkdtempSync(join(tmpdir(), "failures-"));
const inFolder = (name: string) => join(folder, name);
const program = ["node", "--conditions=tscent-source", "src/cli/main.ts"];
/** Root reads files without permission. Windows has no named pipes and no such devices. */
const isRoot = process.getuid?.() === 0;
const isWindows = process.platform === "win32";
/** Each test starts a process, on a machine that may be busy. */
const slow = { timeout: 30_000 };

beforeAll(() => {
  if (!isWindows) execFileSync("mkfifo", [inFolder("pipe")]);
  symlinkSync("loop", inFolder("loop"));
  writeFileSync(inFolder("forbidden"), "");
  chmodSync(inFolder("forbidden"), 0);
  writeFileSync(inFolder("huge"), "");
  truncateSync(inFolder("huge"), 5 * 2 ** 30);
});
afterAll(() => rmSync(folder, { recursive: true }));

const runIn = (line: string, args: readonly string[]) => runInShell(line, [...program, ...args]);

const addressOf = ({ httpUrl, apiKey }: TestServer) => ({
  env: { CENT_URL: httpUrl, CENT_API_KEY: apiKey },
});

describe.skipIf(isWindows).concurrent("files that cannot be read", slow, () => {
  test.each<readonly [title: string, file: string, complaint: string | RegExp]>([
    ["a pipe", inFolder("pipe"), " is a pipe, not a file"],
    ["an endless device", "/dev/zero", " is a device, not a file"],
    ["an empty device", "/dev/null", " is a device, not a file"],
    ["a link to itself", inFolder("loop"), /^: cannot be read \(ELOOP: /],
    ["a path below a file", inFolder("forbidden/below"), /^: cannot be read \(ENOTDIR: /],
    ["a long name", inFolder("x".repeat(300)), /^: cannot be read \(ENAMETOOLONG: /],
    ["a huge file", inFolder("huge"), " is more than 16777216 bytes"],
    ["an empty name", "", /^: cannot be read \(ENOENT: /],
  ])("methods --descriptor refuses %s in one line", async (_title, file, complaint) => {
    const outcome = await runIn('"$@"', ["methods", "--descriptor", file]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.complaint).toMatch(/^tscent: [^\n]+\n$/);
    const [, said] = outcome.complaint.trimEnd().split(`tscent: ${file}`);
    expect(said).toEqual(typeof complaint === "string" ? complaint : expect.stringMatching(complaint));
  });

  test.skipIf(isRoot)("methods --descriptor refuses a file without permission in one line", async () => {
    const { code, complaint } = await runIn('"$@"', ["methods", "--descriptor", inFolder("forbidden")]);
    expect([code, complaint]).toEqual([2, expect.stringMatching(/: cannot be read \(EACCES: [^\n]+\n$/)]);
  });

  test("methods --descriptor refuses a socket in one line", async () => {
    const server = createServer().listen(inFolder("socket"));
    await once(server, "listening");
    const { code, complaint } = await runIn('"$@"', ["methods", "--descriptor", inFolder("socket")]);
    expect([code, complaint]).toEqual([2, `tscent: ${inFolder("socket")} is a socket, not a file\n`]);
    server.close();
  });

  test("methods --descriptor escapes control characters of a file name", async () => {
    const { code, complaint } = await runIn('"$@"', ["methods", "--descriptor", "a\nb\u001b[31m"]);
    expect([code, complaint]).toEqual([
      2,
      expect.stringMatching(/^tscent: a\\x0ab\\x1b\[31m: cannot be read \(ENOENT: [^\n]+\n$/),
    ]);
  });
});

describe.skipIf(isWindows).concurrent("output that cannot be written", slow, () => {
  const hasFull = process.platform === "linux";

  test.skipIf(!hasFull).each([[["methods"]], [["--help"]], [["--version"]]])(
    "a full disk ends %j with one line and exit code 2",
    async (args) => {
      const { code, complaint } = await runIn('"$@" > /dev/full', args);
      expect([code, complaint]).toEqual([
        2,
        "tscent: the output cannot be written (ENOSPC: no space left on device, write)\n",
      ]);
    },
  );

  test("an output cut short by a limit ends with one line and exit code 2", async () => {
    const file = inFolder("limited");
    const { code, complaint } = await runIn(`sh -c 'ulimit -f 1; exec "$@" > "${file}"' sh "$@"`, [
      "methods",
    ]);
    expect([code, complaint]).toEqual([
      2,
      "tscent: the output cannot be written (EFBIG: file too large, write)\n",
    ]);
  });

  test("a reader that closes the output early causes no failure", async () => {
    const { code, out, complaint } = await runIn(`sh -c '"$@" | true' sh "$@"`, ["methods", "--json"]);
    expect([code, out, complaint]).toEqual([0, "", ""]);
    const failing = await runIn(`sh -c '("$@"; echo $? >&2) | true' sh "$@"`, ["methods"]);
    expect(failing.complaint).toBe("0\n");
  });

  test("publish-many publishes all lines, quietly, though the reader of its output has gone", async () => {
    await using server = await startTestServer();
    const lines = `yes '{"channel":"a","data":1}' | head -2000`;
    const line = `sh -c '${lines.replaceAll("'", `'"'"'`)} | "$@" | head -1' sh "$@"`;
    const { env } = addressOf(server);
    const outcome = await runInShell(line, [...program, "publish-many", "--json"], { env });
    expect(outcome.out).toMatch(/^\{"line":1,"ok":true,[^\n]*\n$/);
    expect([outcome.code, outcome.complaint]).toEqual([
      0,
      "2000 taken, 2000 succeeded, 0 failed, 0 unknown\n",
    ]);
  });

  test("publish-many ends at a wrong line though its input stays open", async () => {
    await using server = await startTestServer();
    const { env } = addressOf(server);
    const [command = "", ...args] = [...program, "publish-many"];
    const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env } });
    const complaint = text(child.stderr);
    child.stdin.write("wrong\n");
    const [code] = await once(child, "exit");
    expect([code, await complaint]).toEqual([2, "tscent: line 1: expected JSON\n"]);
  });

  test.skipIf(!hasFull)("publish-many ends with exit code 2 where its output is on a full disk", async () => {
    await using server = await startTestServer();
    const { env } = addressOf(server);
    const line = `sh -c 'echo "{\\"channel\\":\\"a\\",\\"data\\":1}" | "$@" > /dev/full' sh "$@"`;
    for (const more of [[], ["--json"]]) {
      const { code, complaint } = await runInShell(line, [...program, "publish-many", ...more], { env });
      expect(code).toBe(2);
      expect(complaint).toContain("tscent: the output cannot be written (ENOSPC: ");
    }
  });

  test.skipIf(!hasFull)("an error output on a full disk leaves the exit code", async () => {
    const { code, out } = await runIn('"$@" 2> /dev/full', ["methods", "--nope"]);
    expect([code, out]).toEqual([2, ""]);
  });
});
