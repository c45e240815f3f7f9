import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseOptions } from "../../scripts/upgrade/options.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import { fixtureProject, today } from "./fixture-project.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command in a folder, as `npm run upgrade` does. */
function start(folder: string, args: readonly string[], temporary?: string) {
  const command = ["--conditions=tscent-source", resolve("scripts/upgrade.ts"), ...args];
  const env = temporary === undefined ? process.env : { ...process.env, TMPDIR: temporary };
  const child = spawn("node", command, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, ...said }));
  return { child, ended };
}

/** Several processes, one after another, on a machine that may be busy. */
const slow = { timeout: 60_000 };

describe.concurrent("the command line", slow, () => {
  test("--help", async () => {
    const { code, stdout, stderr } = await start(".", ["--help"]).ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Usage: npm run upgrade -- <source> \[options\]\n/);
    for (const option of [
      "--check",
      "--release",
      "--their-comments",
      "--allow-breaking",
      "--skip-typecheck",
      "--skip-tests",
    ])
      expect(stdout).toContain(`\n  ${option} `);
  });

  test.each([
    [[], "There is no source."],
    [["--check"], "There is no source."],
    [["a.proto", "b.proto"], "Expected one source, got a.proto and b.proto."],
    [["a.proto", "--chekc"], "Unknown option '--chekc'"],
    [["a.proto", "--check=yes"], "Option '--check' does not take an argument"],
    [["a.proto", "--release"], "Option '--release <value>' argument missing"],
    [["a.proto", "--release", "6.10"], "--release: expected a version such as 6.10.0, got 6.10."],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await start(".", args).ended;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`upgrade: ${message}`);
    expect(stderr).toContain("Usage: npm run upgrade");
    expect(stderr).not.toContain("    at ");
  });

  test("all options", () => {
    const args = [
      "latest",
      "--check",
      "--release",
      "v6.10.0",
      "--their-comments",
      "--allow-breaking",
      "--skip-typecheck",
      "--skip-tests",
    ];
    expect(parseOptions(args)).toEqual({
      source: { kind: "latest" },
      check: true,
      release: "6.10.0",
      theirComments: true,
      allowBreaking: true,
      skipTypecheck: true,
      skipTests: true,
    });
    expect(parseOptions(["latest"])).toEqual({
      source: { kind: "latest" },
      check: false,
      release: undefined,
      theirComments: false,
      allowBreaking: false,
      skipTypecheck: false,
      skipTests: false,
    });
  });
});

describe.concurrent("the exit code of --check", slow, () => {
  test.each([
    [0, "where nothing is new", today.proto, ""],
    [
      1,
      "where something is",
      today.proto.replace("string epoch = 2;", "string epoch = 2; string more = 99;"),
      "",
    ],
    [2, "where that cannot be told", "hello", "upgrade: "],
  ])("is %d %s", async (expected, _when, schema, error) => {
    using project = fixtureProject(today);
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "new.proto"), schema);
    const before = project.state();
    const { code, stderr } = await start(project.path, ["--check", join(folder.path, "new.proto")]).ended;
    expect(code).toBe(expected);
    expect(stderr.slice(0, 9)).toBe(error);
    expect(project.state()).toBe(before);
  });
});

describe.concurrent("a signal while the tests run", slow, () => {
  /** Tests that connect to a port and do not end by themselves; stubborn ones do not end on SIGTERM, either. */
  const endless = (port: number, stubborn: boolean) => `
    import { connect } from "node:net";
    if (${stubborn}) process.on("SIGTERM", () => {});
    connect(${port}, "127.0.0.1").on("error", () => {});`;

  test.each([
    ["SIGINT", 130, false],
    ["SIGTERM", 143, true],
  ] as const)("%s ends them, and leaves everything as it was", async (signal, expected, stubborn) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const connected = once(server, "connection");
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "temporary"));
    const changed = today.proto.replace("string epoch = 2;", "string epoch = 2; string more = 99;");
    writeFileSync(join(folder.path, "new.proto"), changed);
    const test = endless((server.address() as AddressInfo).port, stubborn);
    using project = fixtureProject({ ...today, test });
    const before = project.state();
    const args = [join(folder.path, "new.proto"), "--skip-typecheck"];
    const { child, ended } = start(project.path, args, join(folder.path, "temporary"));
    const failedEarly = ended.then(({ stderr }) => Promise.reject(new Error(stderr)));
    const [socket] = (await Promise.race([connected, failedEarly])) as [Socket];
    failedEarly.catch(() => {
      // It ends like this in any case; only the start is of interest.
    });
    const gone = once(socket.on("error", () => {}).resume(), "close");
    child.kill(signal);
    const { code, stderr } = await ended;
    await gone;
    server.close();
    expect(code).toBe(expected);
    expect(stderr).toMatch(new RegExp(`npm test …\\nEnded by ${signal}; nothing was changed\\.\\n$`));
    expect(project.state()).toBe(before);
    const left = readdirSync(join(folder.path, "temporary")).filter((name) => name.startsWith("tscent-"));
    expect(left).toEqual([]);
  });
});
