import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import {
  fixtureProject,
  generate,
  generatedPaths,
  genPath,
  protoPath,
  run,
  today,
} from "./fixture-project.ts";
import { asUpstream, newSinceOlder, withMarks, withoutElements } from "./older-schema.ts";

const older = { proto: withoutElements(today.proto, ...newSinceOlder), gen: "" };
const changedByUpgrade = [...generatedPaths, protoPath].map((path) => ` M ${path}\n`).join("");

/** The path of a file with a schema, for as long as the folder is there. */
function schemaFile(schema: string): Disposable & { readonly path: string } {
  const folder = temporaryFolder();
  const path = join(folder.path, "api.proto");
  writeFileSync(path, schema);
  return { path, [Symbol.dispose]: folder[Symbol.dispose] };
}

/** Several processes, one after another, on a machine that may be busy. */
const slow = { timeout: 60_000 };

beforeAll(() => {
  older.gen = generate(older.proto);
}, slow.timeout);

describe.concurrent("an upgrade from an older release", slow, () => {
  test("to our own file of today gives just that, and what buf generates from it", async () => {
    // The tests of the project see the new schema and the new code, and what they leave behind is not taken.
    using project = fixtureProject({
      ...older,
      test: `
        import { readFileSync, writeFileSync } from "node:fs";
        for (const file of ["${protoPath}", "${genPath}"])
          if (!readFileSync(file, "utf8").includes("MapStatsRequest")) process.exit(1);
        writeFileSync("gen/left-by-tests.ts", "");
        writeFileSync("left-by-tests", "");`,
    });
    using source = schemaFile(today.proto);
    const { code, report, progress, failure } = await run(project, [source.path]);
    expect(failure).toBeUndefined();
    expect(code).toBe(0);
    expect(project.git("status", "--porcelain")).toBe(changedByUpgrade);
    expect(project.read(protoPath)).toBe(today.proto);
    expect(project.read(genPath)).toBe(today.gen);
    expect(report).toContain("has 7 changes against proto/ (version 6.9.1)");
    expect(report).toContain(
      "\n  rpc CentrifugoApi.MapStats: (MapStatsRequest) returns (MapStatsResponse)\n",
    );
    expect(report).toContain("\n  field PublishRequest.version_epoch: string = 9\n");
    expect(report).toContain("Nothing of it breaks programs that use the SDK.");
    expect(report).toContain(
      "src/schema/required-fields.ts: the fields that the server refuses to go without, for mapStats\n",
    );
    expect(report).toContain(
      "## Unreleased\n\n### Added\n\n- Method `mapStats`.\n- Field `PublishRequest.version_epoch`.\n",
    );
    expect(report).not.toContain("To be written");
    expect(report).not.toContain("NOT");
    expect(progress).toBe(
      "buf lint …\nbuf breaking --against . …\nbuf generate …\ntsc …\nnpm run --if-present prepare …\nnpm test …",
    );
  });

  test("to a file like upstream's gives today's, but for the comments to be written", async () => {
    using project = fixtureProject({ ...older, folder: "packages/tscent" });
    using source = schemaFile(asUpstream(today.proto));
    const { code, report } = await run(project, [source.path, "--release", "v6.9.1"]);
    expect(code).toBe(0);
    expect(project.read(protoPath)).toBe(
      withMarks(today.proto, [
        ["service CentrifugoApi {", "rpc MapStats(", "CentrifugoApi.MapStats"],
        ["message Command {", "MapStatsRequest map_stats = 40;", "Command.map_stats"],
        ["message PublishRequest {", "string version_epoch = 9;", "PublishRequest.version_epoch"],
        ["message MapStatsRequest {", "string channel = 1;", "MapStatsRequest.channel"],
        ["message MapStatsRequest {", "message MapStatsRequest {", "MapStatsRequest"],
        ["message MapStatsResponse {", "message MapStatsResponse {", "MapStatsResponse"],
        ["message MapStatsResult {", "int32 num_keys = 1;", "MapStatsResult.num_keys"],
        ["message MapStatsResult {", "message MapStatsResult {", "MapStatsResult"],
      ]),
    );
    expect(report).toContain("comments to be written, for 8 new elements");
    expect(project.read(genPath)).toBe(generate(project.read(protoPath)));
  });

  test("with --skip-typecheck and --skip-tests leaves them out and says so, and --their-comments takes theirs", async () => {
    using project = fixtureProject({
      ...older,
      test: "process.exit(1);",
      program: "export const x: string = 1;\n",
    });
    const upstream = asUpstream(today.proto).replace(
      "string version_epoch",
      "// Theirs.\n string version_epoch",
    );
    using source = schemaFile(upstream);
    const { code, report, progress } = await run(project, [
      source.path,
      "--skip-typecheck",
      "--skip-tests",
      "--their-comments",
    ]);
    expect(code).toBe(0);
    expect(progress).toBe("buf lint …\nbuf breaking --against . …\nbuf generate …");
    expect(report).toContain("THE TESTS WERE NOT RUN");
    expect(report).toContain("THE TYPES WERE NOT CHECKED");
    expect(project.read(protoPath)).toContain("  // Theirs.\n  string version_epoch = 9;\n");
  });

  test("that breaks programs is made with --allow-breaking", async () => {
    using project = fixtureProject(today);
    using source = schemaFile(asUpstream(older.proto));
    const { code, report } = await run(project, [source.path, "--allow-breaking"]);
    expect(code).toBe(0);
    expect(project.git("status", "--porcelain")).toBe(changedByUpgrade);
    expect(project.read(protoPath)).toBe(
      older.proto.replace("as version 6.9.1 speaks it", "other than version 6.9.1"),
    );
    expect(report).toContain("7 of 7 break programs");
    expect(report).toContain(
      "src/schema/required-fields.ts, src/client/consumer-command.ts, src/testing, README.md: changed for mapStats\n",
    );
    expect(report).toContain(
      "### Removed\n\n- **Breaking:** method `mapStats`.\n- **Breaking:** field `PublishRequest.version_epoch`.\n",
    );
  });
});

describe.concurrent("without changes", slow, () => {
  test("nothing is written", async () => {
    using project = fixtureProject(today);
    using source = schemaFile(asUpstream(today.proto));
    const before = project.state();
    const { code, report, progress } = await run(project, [source.path]);
    expect([code, progress]).toEqual([0, ""]);
    expect(report).toBe(
      `Nothing new: ${source.path} and proto/ (version 6.9.1) have the same schema.\n\nNothing was changed.`,
    );
    expect(project.state()).toBe(before);
  });

  test("a newer release is named in the header", async () => {
    using project = fixtureProject(today);
    using source = schemaFile(asUpstream(today.proto));
    const { code, report } = await run(project, [source.path, "--release", "99.0.0"]);
    expect(code).toBe(0);
    expect(project.read(protoPath)).toBe(
      today.proto.replace("version 6.9.1 speaks", "version 99.0.0 speaks"),
    );
    expect(project.read(genPath)).toBe(today.gen.replace("version 6.9.1 speaks", "version 99.0.0 speaks"));
    expect(report).toContain("## Unreleased\n\nFor Centrifugo 99.0.0.\n");
  });
});

describe.concurrent("--check", slow, () => {
  test("gives 0 where nothing is new, 1 where something is, and changes nothing, also in a tree with changes", async () => {
    using project = fixtureProject(older);
    using same = schemaFile(asUpstream(older.proto));
    using newer = schemaFile(today.proto);
    project.write("src/program.ts", "changed");
    const before = project.state();
    expect((await run(project, [same.path, "--check"])).code).toBe(0);
    const { code, report, progress } = await run(project, [newer.path, "--check"]);
    expect([code, progress]).toEqual([1, ""]);
    expect(report).toContain("rpc CentrifugoApi.MapStats: (MapStatsRequest)");
    expect(project.state()).toBe(before);
  });
});
