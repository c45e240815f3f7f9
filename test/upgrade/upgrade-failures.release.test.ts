import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UpgradeError } from "../../scripts/upgrade/upgrade-error.ts";
import type { FixtureFiles, FixtureProject } from "./fixture-project.ts";
import { fixtureProject, genPath, protoPath, run, today } from "./fixture-project.ts";
import { newSinceOlder, withoutElements } from "./older-schema.ts";

/** Its generated code is never looked at. */
const older = { proto: withoutElements(today.proto, ...newSinceOlder), gen: "export {};\n" };
/** The upgrade's temporary folders are made in it. */
const temporary = mkdtempSync(join(tmpdir(), "failures-"));
const source = join(mkdtempSync(join(tmpdir(), "source-")), "new.proto");

/** Several processes, one after another, on a machine that may be busy. */
const slow = { timeout: 60_000 };

afterAll(() => {
  rmSync(temporary, { recursive: true });
  rmSync(join(source, ".."), { recursive: true });
});
beforeEach(() => {
  writeFileSync(source, today.proto);
});

/** Runs an upgrade that fails, and sees that it leaves nothing behind; gives its message and its report. */
async function failure(
  project: FixtureProject,
  ...options: string[]
): Promise<{ error: string; report: string }> {
  const before = project.state();
  vi.stubEnv("TMPDIR", temporary);
  const { failure: thrown, error, report } = await run(project, [source, ...options]);
  vi.unstubAllEnvs();
  expect(thrown).toBeInstanceOf(UpgradeError);
  expect(project.state()).toBe(before);
  expect(readdirSync(temporary).filter((name) => name.startsWith("tscent-"))).toEqual([]);
  return { error, report };
}

/** The message of an upgrade of an older project, from another source and with other files than usual. */
async function message({
  schema = today.proto,
  files = {},
}: {
  schema?: string;
  files?: Partial<FixtureFiles>;
}) {
  using project = fixtureProject({ ...older, ...files });
  writeFileSync(source, schema);
  return (await failure(project)).error;
}

describe("a source that is", slow, () => {
  const api = "package centrifugal.centrifugo.api;";
  test.each([
    [
      "no schema",
      "hello, world",
      new RegExp(`^${source} is not a schema that buf can compile:\\n${source}:1:1:`),
    ],
    [
      "a schema with a fault",
      today.proto.replace("string channel = 1;", "strng channel = 1;"),
      /is not a schema that buf can compile:\n.*new\.proto:\d+:\d+:.*strng/,
    ],
    [
      "a schema that imports another",
      `syntax = "proto3"; ${api} import "google/api/http.proto";`,
      /new\.proto imports google\/api\/http\.proto, which buf cannot find/,
    ],
    [
      "another service",
      `syntax = "proto3"; package grpc.health.v1; message M {} service Health { rpc Check(M) returns (M); }`,
      /new\.proto is not Centrifugo's server API: expected the service centrifugal\.centrifugo\.api\.CentrifugoApi, got grpc\.health\.v1\.Health$/,
    ],
    ["no service", `syntax = "proto3"; ${api}`, /got no service, in package centrifugal\.centrifugo\.api$/],
    ["nothing in a package", 'syntax = "proto3";', /got no service, in package \(none\)$/],
    [
      "a service of that name without its methods",
      `syntax = "proto3"; ${api} message M {} service CentrifugoApi { rpc Publish(M) returns (M); }`,
      /is not an API that this SDK can call: centrifugal\.centrifugo\.api\.CentrifugoApi is not Centrifugo's API/,
    ],
    [
      "one with what cannot be written",
      today.proto
        .replace("package", 'import "google/protobuf/descriptor.proto";\npackage')
        .concat("extend google.protobuf.FieldOptions { string mine = 50000; }"),
      /has what this command cannot write, and nothing may be lost:\n- the extension centrifugal\.centrifugo\.api\.mine$/,
    ],
  ])("%s", async (_what, schema, expected) => {
    expect(await message({ schema })).toMatch(expected);
  });
});

describe("a project", slow, () => {
  test("with changes that are not committed", async () => {
    using project = fixtureProject(older);
    project.write("src/program.ts", "changed");
    project.write("src/new.ts", "new");
    expect((await failure(project)).error).toBe(
      "The tree has changes that are not committed; commit them first, so that the upgrade stands alone:\n" +
        " M src/program.ts\n?? src/new.ts",
    );
  });

  test("that git does not know", async () => {
    using project = fixtureProject(older);
    rmSync(join(project.path, ".git"), { recursive: true });
    vi.stubEnv("GIT_CEILING_DIRECTORIES", tmpdir());
    const { failure: thrown, error } = await run(project, [source]);
    vi.unstubAllEnvs();
    expect(thrown).toBeInstanceOf(UpgradeError);
    expect(error).toMatch(/is not in a git repository, so there would be no way back/);
    expect([project.read(protoPath), project.read(genPath)]).toEqual([older.proto, older.gen]);
  });

  test("without a commit", async () => {
    using project = fixtureProject(older);
    rmSync(join(project.path, ".git"), { recursive: true });
    project.git("init", "--quiet");
    project.write(".gitignore", "*\n");
    const { error } = await run(project, [source]);
    expect(error).toMatch(/has no commit yet/);
  });

  test("that is none", async () => {
    using project = fixtureProject(older);
    project.git("mv", "proto", "elsewhere");
    project.commit();
    expect((await failure(project)).error).toMatch(
      /has no proto\/centrifugal\/centrifugo\/api\/api\.proto; run the upgrade in/,
    );
  });
});

describe("what fails with the new schema:", slow, () => {
  test("buf lint", async () => {
    const schema = today.proto.replace("string version_epoch = 9;", "string versionEpoch = 9;");
    const error = await message({ schema });
    expect(error).toMatch(
      /^`buf lint` failed with the new schema; nothing was changed\. A name that is Centrifugo's needs .*\nproto\/.*"versionEpoch"/,
    );
  });

  test("buf generate", async () => {
    using project = fixtureProject(older);
    project.write("buf.gen.yaml", project.read("buf.gen.yaml").replace("protoc-gen-es", "protoc-gen-none"));
    project.commit();
    expect((await failure(project)).error).toMatch(
      /^`buf generate` failed with the new schema; .*\n.*protoc-gen-none/,
    );
  });

  test("the type check", async () => {
    const program =
      'import type { MapStatsRequest } from "../gen/centrifugal/centrifugo/api/api_pb.ts";\nexport const x: MapStatsRequest = 1;\n';
    const error = await message({ files: { program } });
    expect(error).toMatch(
      /^`tsc` failed with the new schema; nothing was changed\. --skip-typecheck leaves it out/,
    );
    expect(error).toContain("src/program.ts(2,14): error TS2322");
  });

  test("the tests", async () => {
    const error = await message({
      files: { test: 'console.log("line\\n".repeat(100) + "1 failed"); process.exit(1);' },
    });
    expect(error).toMatch(
      /^`npm test` failed with the new schema; nothing was changed\. --skip-tests leaves it out.*\n…\nline\n/,
    );
    expect(error).toContain("1 failed");
  });

  test("buf breaking, with buf's complaint and the report", async () => {
    using project = fixtureProject({ ...today });
    writeFileSync(source, older.proto);
    const { error, report } = await failure(project);
    expect(error).toMatch(
      /^The new schema breaks programs; nothing was changed\. --allow-breaking .* buf says:\n/,
    );
    expect(error).toMatch(/field "9" with name "version_epoch" on message "PublishRequest" was deleted/);
    expect(report).toContain("field PublishRequest.version_epoch: string = 9 [breaking: ");
  });
});

describe("at the end,", slow, () => {
  test("somebody went on working meanwhile", async () => {
    using project = fixtureProject(older);
    const file = join(project.path, "src/meanwhile.ts");
    project.write(
      "tests.js",
      `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(file)}, "");`,
    );
    project.commit();
    const { error } = await run(project, [source, "--skip-typecheck"]);
    expect(error).toMatch(/changes that are not committed.*\n\?\? src\/meanwhile\.ts$/);
    expect(project.git("status", "--porcelain")).toBe("?? src/meanwhile.ts\n");
  });

  test("a file cannot be written", async () => {
    using project = fixtureProject(older);
    project.write(".gitignore", "node_modules\n*.upgrade-*\n");
    project.commit();
    // In the way of the second file that is written.
    mkdirSync(join(project.path, `${genPath}.upgrade-${process.pid}`));
    expect((await failure(project, "--skip-typecheck")).error).toMatch(
      /^The files could not be replaced, and are as they were: EEXIST/,
    );
    expect(readdirSync(join(project.path, protoPath, ".."))).toEqual(["api.proto"]);
  });
});
