import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseOptions } from "../../scripts/upgrade/options.ts";
import { runInShell } from "../harness/shell-command.ts";
import { fixtureProject, newerProto, protoPath } from "./fixture-project.ts";
import { folderWith } from "./folder-with.ts";

const program = ["node", "--conditions=tscent-source", resolve("scripts/upgrade.ts")];
const folder = folderWith({ "new.proto": newerProto });
const newer = join(folder.path, "new.proto");
afterAll(() => folder[Symbol.dispose]());
/** Each is several processes, on a machine that may be busy. */
const slow = { timeout: 60_000 };
const isWindows = process.platform === "win32";

const full = "ENOSPC: no space left on device, write";
const bare = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

/** Runs the command as `npm run upgrade` does, in a line of a shell. */
const upgrade = (args: readonly string[], env: Readonly<Record<string, string>> = {}, line = '"$@"') =>
  runInShell(line, [...program, ...args], { env });

test.each([
  [[], "expected one source, got none; see --help"],
  [["a.proto", "b.proto"], "expected one source, got a.proto and b.proto; see --help"],
  [["a.proto", "--chekc"], "Unknown option '--chekc'"],
  [["a.proto", "--release", "6.10"], "--release: expected a version such as 6.10.0, got 6.10"],
])("the arguments %j are refused", (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});

describe.skipIf(isWindows)("the command", slow, () => {
  test("--help shows sources, options and exit codes", async () => {
    const { code, out } = await upgrade(["--help"]);
    expect(code).toBe(0);
    for (const option of ["check", "release", "allow-breaking", "skip-typecheck", "skip-tests", "help"])
      expect(out).toContain(`\n  --${option} `);
  });

  test("--check of a newer schema prints the report and exits with 1", () => {
    const [command = "", ...options] = program;
    const { status, stdout } = spawnSync(command, [...options, "--check", newer], { encoding: "utf8" });
    expect([status, stdout]).toEqual([1, expect.stringContaining("\n  field PublishRequest.priority: ")]);
  });

  test.each<readonly [string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ["an option is unknown", ["--chekc"], {}, /Unknown option '--chekc'/],
    ["the source is missing", ["--check", "no.proto"], {}, /no\.proto cannot be read \(ENOENT: /],
    ["there is no temporary folder", ["--check", protoPath], { TMPDIR: "/nonexistent" }, /ENOENT: .*mkdtemp/],
    ["there is no buf", ["--check", protoPath], bare, /buf was not found on the PATH; run `npm ci` first/],
  ])("ends in one line where %s", async (_title, args, env, words) => {
    const { code, out, complaint } = await upgrade(args, env);
    expect([code, out]).toEqual([2, ""]);
    expect(complaint).toMatch(/^upgrade: [^\n]+\n$/);
    expect(complaint).toMatch(words);
  });

  test.skipIf(process.platform !== "linux")("ends in one line where the disk is full", async () => {
    const { code, complaint } = await upgrade(["--help"], {}, '"$@" > /dev/full');
    expect([code, complaint]).toEqual([2, `upgrade: the report cannot be written (${full})\n`]);
  });
});

describe.skipIf(isWindows)("a signal leaves the tree as it was, and nothing behind,", slow, () => {
  /** Starts an upgrade that comes to `npm test`, whose tests connect to a port and never end. */
  async function start(args: (port: number) => readonly string[]) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const connected = once(server, "connection").then(([socket]) => socket as Socket);
    const port = (server.address() as AddressInfo).port;
    const project = fixtureProject({
      "tests.js": `
        import { connect } from "node:net";
        process.on("SIGTERM", () => {});
        connect(${port}, "127.0.0.1").on("error", () => {});`,
    });
    const before = project.state();
    const temporary = folderWith({});
    const env = { ...process.env, TMPDIR: temporary.path };
    const [command = "", ...options] = program;
    const child = spawn(command, [...options, ...args(port)], { cwd: project.path, env });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const comesTo = async (step: string) => {
      while (!said.includes(`${step} …`))
        await Promise.race([once(child.stderr, "data"), once(child, "close")]);
    };
    const end = async (signal: "SIGINT" | "SIGTERM") => {
      child.kill(signal);
      const [code] = await once(child, "close");
      server.close();
      expect(project.state()).toBe(before);
      expect(readdirSync(temporary.path).filter((name) => name.startsWith("tscent-"))).toEqual([]);
      project[Symbol.dispose]();
      return { code, said };
    };
    return { comesTo, end, connected };
  }

  test.each(["buf lint", "buf generate", "tsc"])("an interruption of `%s` changes nothing", async (step) => {
    const { comesTo, end } = await start(() => [newer]);
    await comesTo(step);
    const { code, said } = await end("SIGINT");
    expect([code, said]).toEqual([130, expect.stringMatching(/\nEnded by SIGINT; nothing was changed\.\n$/)]);
  });

  test.each<readonly [string, "SIGINT" | "SIGTERM", number, (port: number) => readonly string[]]>([
    ["a download", "SIGINT", 130, (port) => [`http://127.0.0.1:${port}`]],
    ["`npm test`, also where a test ignores signals", "SIGTERM", 143, () => [newer, "--skip-typecheck"]],
  ])("an interruption of %s changes nothing", async (_title, signal, expected, args) => {
    const { end, connected } = await start(args);
    const socket = await connected;
    const gone = once(socket.on("error", () => {}).resume(), "close");
    expect((await end(signal)).code).toBe(expected);
    await gone;
  });
});
