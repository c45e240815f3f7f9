import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runInShell } from "../harness/shell-command.ts";
import { fixtureProject, protoPath, run, today } from "./fixture-project.ts";

const folder = mkdtempSync(join(tmpdir(), "surroundings-"));
const inFolder = (name: string) => join(folder, name);
const program = ["node", "--conditions=tscent-source", resolve("scripts/upgrade.ts")];
/** Each is several processes, on a machine that may be busy. */
const slow = { timeout: 30_000 };
/** Windows has neither pipes with names nor these devices. */
const isWindows = process.platform === "win32";

beforeAll(() => {
  if (!isWindows) execFileSync("mkfifo", [inFolder("pipe")]);
  symlinkSync("loop", inFolder("loop"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const upgradeIn = (line: string, args: readonly string[], settings: Parameters<typeof runInShell>[2] = {}) =>
  runInShell(line, [...program, ...args], settings);

describe.skipIf(isWindows).concurrent("a source that cannot be read is one line, and no hang:", slow, () => {
  test.each([
    ["a pipe", inFolder("pipe"), " is a pipe, not a file; expected the path of an api.proto"],
    ["an endless device", "/dev/zero", " is a device, not a file; expected the path of an api.proto"],
    ["a folder", folder, " is a folder, not a file; expected the path of an api.proto"],
    ["a link to itself", inFolder("loop"), / cannot be read \(ELOOP: /],
    ["a long name", inFolder("x".repeat(300)), / cannot be read \(ENAMETOOLONG: /],
  ])("%s", async (_title, file, said) => {
    const { code, out, complaint } = await upgradeIn('"$@"', ["--check", file]);
    expect([code, out]).toEqual([2, ""]);
    expect(complaint).toMatch(/^upgrade: [^\n]+\n$/);
    const [, words] = complaint.trimEnd().split(`upgrade: ${file}`);
    expect(words).toEqual(typeof said === "string" ? said : expect.stringMatching(said));
  });

  test("no name", async () => {
    const { code, complaint } = await upgradeIn('"$@"', ["--check", ""]);
    expect([code, complaint]).toEqual([2, expect.stringMatching(/^upgrade: There is no source\.\n/)]);
  });
});

describe.skipIf(isWindows).concurrent("what stands in the way of an upgrade is one line:", slow, () => {
  const check = ["--check", protoPath];

  test.each([
    ["a temporary folder that is missing", { TMPDIR: "/nonexistent" }, /^upgrade: ENOENT: .*mkdtemp/],
    [
      "a temporary folder that is a file",
      { TMPDIR: resolve("package.json") },
      /^upgrade: ENOTDIR: .*mkdtemp/,
    ],
  ])("%s", async (_title, env, words) => {
    const { code, out, complaint } = await upgradeIn('"$@"', check, { env });
    expect([code, out]).toEqual([2, ""]);
    expect(complaint).toMatch(words);
    expect(complaint).toMatch(/^[^\n]+\n$/);
  });

  test.each([
    ["cannot be started", "hello", 0o644, /^upgrade: spawn buf EACCES\n$/],
    [
      "is another program",
      "#!/bin/sh\necho hello\n",
      0o755,
      /^upgrade: buf wrote no descriptor of [^\n]+\n$/,
    ],
    ["does nothing", "#!/bin/sh\n", 0o755, /^upgrade: buf wrote no descriptor of [^\n]+\n$/],
  ])("a buf that %s", async (title, content, mode, words) => {
    const bin = inFolder(title);
    mkdirSync(bin);
    writeFileSync(join(bin, "buf"), content, { mode });
    const node = execFileSync("sh", ["-c", "command -v node"], { encoding: "utf8" }).trim();
    const [, ...rest] = program;
    const env = { PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin` };
    const outcome = await runInShell('"$@"', [node, ...rest, ...check], { env });
    expect(outcome).toMatchObject({ code: 2, out: "", complaint: expect.stringMatching(words) });
  });

  test("the project's schema is a pipe", async () => {
    using project = fixtureProject(today);
    rmSync(join(project.path, protoPath));
    execFileSync("mkfifo", [join(project.path, protoPath)]);
    const args = ["--check", resolve(protoPath)];
    const { code, complaint } = await upgradeIn('"$@"', args, { cwd: project.path });
    expect([code, complaint]).toEqual([2, expect.stringContaining(`${protoPath} is a pipe, not a file`)]);
  });
});

describe.skipIf(isWindows).concurrent("a report that cannot be written", slow, () => {
  const full = "the report cannot be written (ENOSPC: no space left on device, write)";
  const isLinux = process.platform === "linux";

  test.skipIf(!isLinux).each([[["--help"]], [["--check", protoPath]]])(
    "ends the command: %j",
    async (args) => {
      const { code, complaint } = await upgradeIn('"$@" > /dev/full', args);
      expect([code, complaint]).toEqual([2, `upgrade: ${full}\n`]);
    },
  );

  test("is no failure where the reader has left", async () => {
    const line = `sh -c '("$@"; echo $? >&2) | true' sh "$@"`;
    expect(await upgradeIn(line, ["--check", protoPath])).toMatchObject({ out: "", complaint: "0\n" });
  });

  test("is told with what was changed, where that is done", async () => {
    using project = fixtureProject(today);
    writeFileSync(
      inFolder("new.proto"),
      today.proto.replace("string epoch = 2;", "string epoch = 2; string more = 99;"),
    );
    const reports: string[] = [];
    const print = (text: string) => {
      if (reports.push(text) > 1) throw new Error(full);
    };
    const args = [inFolder("new.proto"), "--skip-typecheck", "--skip-tests"];
    const { error } = await run(project, args, { print });
    expect(error).toContain(
      `${full}; all else is done. Changed: ${protoPath}, gen/centrifugal/centrifugo/api/api_pb.ts, gen/`,
    );
    expect(project.read(protoPath)).toContain("string more = 99;");
  });
});
