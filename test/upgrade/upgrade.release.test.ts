import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  asUpstream,
  fixtureProject,
  genPath,
  genPaths,
  newerProto,
  ourProto,
  protoPath,
  run,
} from "./fixture-project.ts";

/** Several processes, one after another, on a machine that may be busy. */
const slow = { timeout: 60_000 };
const changedByUpgrade = [...genPaths, protoPath].map((path) => ` M ${path}\n`).join("");
const skipped = ["--skip-typecheck", "--skip-tests"];
const reserved = /^ {2}reserved .*;$/m;

/** The lines of a text that another one lacks. */
function linesWithout(text: string, other: string): string[] {
  const lines = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !lines.has(line));
}

describe.concurrent("an upgrade", slow, () => {
  test("an upgrade to another release with the same schema changes only the release in our text", async () => {
    using project = fixtureProject();
    const { code, report } = await run(project, asUpstream(ourProto), ["--release", "v99.0.0", ...skipped]);
    expect(code).toBe(0);
    const named = (text: string) => text.replace(/as version \S+ speaks/, "as version 99.0.0 speaks");
    expect(project.read(protoPath)).toBe(named(ourProto));
    expect(report).toContain("## Unreleased\n\nFor Centrifugo 99.0.0.");
    expect(project.git("status", "--porcelain")).toBe(changedByUpgrade);
  });

  test("an upgrade to a newer schema adds its new elements, and the tests see them", async () => {
    using project = fixtureProject({
      "src/program.ts": `import type { PingRequest } from "../${genPath}";\nexport type Ping = PingRequest;\n`,
      "tests.js": `
        import { readFileSync, writeFileSync } from "node:fs";
        for (const file of ["${protoPath}", "${genPath}"])
          if (!readFileSync(file, "utf8").includes("PingRequest")) process.exit(1);
        writeFileSync("gen/left-by-tests.ts", "");`,
    });
    const { code, report, progress, error } = await run(project, newerProto);
    expect([code, error]).toEqual([0, ""]);
    const changed = changedByUpgrade.replace(/^.*pro_methods.*\n/m, "");
    expect(project.git("status", "--porcelain", "--untracked-files=all")).toBe(changed);
    const added = linesWithout(project.read(protoPath), ourProto);
    expect(linesWithout(ourProto, project.read(protoPath))).toEqual([]);
    expect(added.filter((line) => !line.includes("To be written"))).toHaveLength(9);
    expect(added).toHaveLength(9 + 7);
    expect(project.read(genPath)).toContain("To be written: `CentrifugoApi.Ping`.");
    expect(report).toContain("\n  field PublishRequest.priority: string priority = 1001\n");
    expect(report).toContain("### Added\n\n- Method `ping`.\n- Field `PublishRequest.priority`.");
    expect(report).not.toContain("NOT");
    expect(progress).toMatch(
      /^buf lint …\nbuf generate …\nnode .*\ntsc …\nnpm .*\nnpm test …\nReplaced proto and gen and docs\/reference\.md\.$/,
    );
  });

  test("an upgrade that breaks programs needs --allow-breaking, and reports comments that are gone", async () => {
    const ours = ourProto
      .replace(reserved, "  // Why reserved.\n$&")
      .replace("  string version_epoch", "  // Gone.\n$&");
    using project = fixtureProject({ [protoPath]: ours });
    const broken = asUpstream(ourProto.replace(/^ *string version_epoch = 9;\n/m, ""));
    const before = project.state();
    const refused = await run(project, broken, skipped);
    expect(refused.error).toContain("breaks programs, so nothing was changed; --allow-breaking goes on");
    expect(refused.report).toMatch(/buf breaking`:\n {2}proto\S+Previously present field "9" with name/);
    expect(project.state()).toBe(before);
    const { code, report } = await run(project, broken, ["--allow-breaking", ...skipped]);
    expect(code).toBe(0);
    expect(report).toContain("### Removed\n\n- **Breaking:** field `PublishRequest.version_epoch`.");
    expect(report).toMatch(/comments that are gone:\n {6}Why reserved\.\n(?: {6}.*\n)* {6}Gone\.\n/);
    expect(report).toMatch(/THE TYPES WERE NOT CHECKED.*\n\nTHE TESTS WERE NOT RUN/);
    expect(project.git("status", "--porcelain")).toContain(` M ${genPath}\n`);
  });

  test("an upgrade that brings only another order and layout has no changelog entry", async () => {
    using project = fixtureProject();
    const other = asUpstream(ourProto.replace(reserved, "  reserved 3, 2, 1;"));
    const { report } = await run(project, other, skipped);
    expect(report).toMatch(/^Nothing new: .*\n\nOnly order and layout changed\.\n\nTHE TYPES/);
    expect(project.read(protoPath)).toBe(ourProto.replace(reserved, "  reserved 3, 2, 1;"));
  });
});

describe.concurrent("nothing is changed, and the exit code is", slow, () => {
  test.each<readonly [number, string, string, readonly string[], RegExp]>([
    [0, "without news", asUpstream(ourProto), [], /^Nothing new: .* schema\.\n\nNothing was changed\.$/],
    [0, "for --check without news", asUpstream(ourProto), ["--check"], /^Nothing new: .* schema\.$/],
    [1, "for --check with news", newerProto, ["--check"], /\n {2}message PingRequest\n/],
  ])("%d %s", async (expected, _when, schema, options, words) => {
    using project = fixtureProject();
    // A check does not mind changes that are not committed.
    if (options.length > 0) writeFileSync(join(project.path, "src/program.ts"), "changed");
    const before = project.state();
    const { code, progress, report } = await run(project, schema, options);
    expect([code, progress, report]).toEqual([expected, "", expect.stringMatching(words)]);
    expect(project.state()).toBe(before);
  });
});

describe.concurrent("a failing upgrade", slow, () => {
  const start = 'syntax = "proto3"; package centrifugal.centrifugo.api;';
  const unfitName = newerProto.replace("priority", "priorITY");
  const noPlugin = { "buf.gen.yaml": "version: v2\nplugins:\n  - local: no-such-plugin\n    out: gen\n" };
  const failed = (command: string, advice: string) =>
    RegExp(`\`${command}\` failed with the new schema; nothing was changed\\. ${advice}`);
  test.each<readonly [string, RegExp, string, Record<string, string>]>([
    ["the source is of another package", /no schema of Centrifugo: expected .*, got a$/, "package a;", {}],
    ["the source has a fault", /on the schema of .*new\.proto:\n.*:2:1:/, `${start}\n}`, {}],
    ["the source imports a file", /new\.proto:\n.*import/, `${start} import "google/api.proto";`, {}],
    ["the source is empty", /breaks programs, so nothing was changed/, start, {}],
    ["buf lint fails", failed("buf lint", "Allow .*\n.*priorITY"), unfitName, {}],
    ["buf generate fails", failed("buf generate", ".*\n.*no-such-plugin"), newerProto, noPlugin],
    ["a type is wrong", failed("tsc", "--skip-typecheck"), newerProto, { "src/a.ts": "let x: string = 1;" }],
    ["a test fails", failed("npm test", "--skip-tests"), newerProto, { "tests.js": "process.exit(1)" }],
  ])("an upgrade changes nothing and says why if %s", async (_title, expected, schema, files) => {
    using project = fixtureProject(files);
    const before = project.state();
    const { error } = await run(project, schema);
    expect(error).toMatch(expected);
    expect(project.state()).toBe(before);
  });

  const moved = "git mv proto elsewhere && git -c user.name=T -c user.email=t@t commit -qm Moved";
  test.skipIf(process.platform === "win32").each([
    ["there are changes without a commit", "touch src/a.ts", [], /commit these changes .*\n\?\? src\/a\.ts$/],
    ["there is no repository", "rm -r .git", [], /`git .*` failed; the upgrade needs a repository with/],
    ["the folder is another one", moved, [], /no schema in proto\/; run the upgrade in the project's/],
    ["our schema is a pipe", `rm ${protoPath}; mkfifo ${protoPath}`, ["--check"], /has no schema in proto\//],
  ])("an upgrade changes nothing and says why if %s", async (_title, command, options, expected) => {
    using project = fixtureProject();
    execFileSync("sh", ["-c", command], { cwd: project.path });
    expect((await run(project, newerProto, options)).error).toMatch(expected);
  });

  test("an upgrade fails if the project changes while the tests run", async () => {
    using project = fixtureProject();
    const progress = (line: string) => {
      if (line.startsWith("npm test")) writeFileSync(join(project.path, "meanwhile"), "");
    };
    const { error } = await run(project, newerProto, ["--skip-typecheck"], { progress });
    expect(error).toMatch(/commit these changes first, .*\n\?\? meanwhile$/);
    expect(project.git("status", "--porcelain")).toBe("?? meanwhile\n");
  });

  test("an upgrade fails if its report cannot be written", async () => {
    using project = fixtureProject();
    const before = project.state();
    let printed = 0;
    const print = () => {
      if (++printed === 2) throw new Error("no space left");
    };
    const { error } = await run(project, newerProto, skipped, { print });
    expect([error, project.state()]).toEqual(["Error: no space left", before]);
  });

  test("an upgrade fails if the new folders cannot be put in place", async () => {
    // A file is where the copies are to be.
    using project = fixtureProject({ [`.upgrade-${process.pid}`]: "" });
    const before = project.state();
    const { error } = await run(project, newerProto, skipped);
    expect(error).toContain(
      "proto and gen and docs/reference.md could not be replaced, and are as they were: EEXIST",
    );
    expect(project.state()).toBe(before);
  });
});
