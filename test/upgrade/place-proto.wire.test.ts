import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";

const run = promisify(execFile);
const home = "proto/centrifugal/centrifugo/api/api.proto";
const generated = "gen/centrifugal/centrifugo/api/api_pb.ts";
const ours = readFileSync(home, "utf8");
/** Our schema in the manner of Centrifugo's own: without our comments, and with the name of a Go package. */
const bare = withoutComments(ours).replace(/^package .*$/m, '$&\n\noption go_package = "./;apiproto";');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function withoutComments(text: string): string {
  return text.replaceAll(
    /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*.*?\*\//gs,
    (_, string: string = "") => string,
  );
}

/** A folder that has these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "place-proto-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Every file of a folder with its text. */
function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function place(folder: string): Promise<Outcome> {
  try {
    return { code: 0, ...(await run("node", [resolve("scripts/place-proto.ts")], { cwd: folder })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

const packageLine = "package centrifugal.centrifugo.api;\n";

describe("a schema that lies", () => {
  test("where it belongs is left alone, in silence", async () => {
    const files = {
      [home]: ours,
      "proto/acme/v1/acme.proto": 'syntax = "proto3";\npackage acme.v1;\n',
      "proto/README.md": packageLine,
    };
    const folder = folderWith(files);
    expect(await place(folder)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(filesOf(folder)).toEqual(files);
  });

  test.each([
    ["at the root of proto/, beside ours, replaces ours", "proto/api.proto", { [home]: ours }, "replaced"],
    ["at the root of proto/, without ours, takes its place", "proto/api.proto", {}, "became"],
    [
      "in a folder of another name does so too",
      "proto/apiproto/centrifugo.proto",
      { [home]: ours },
      "replaced",
    ],
  ])("%s, and it says so in one line", async (_, stray, others, verb) => {
    const folder = folderWith({ ...others, [stray]: bare });
    const stdout = `${stray} ${verb} ${home}; \`npm run upgrade\` would have kept its documentation comments.\n`;
    expect(await place(folder)).toEqual({ code: 0, stdout, stderr: "" });
    expect(filesOf(folder)).toEqual({ [home]: bare });
    expect(await place(folder)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each([
    ["a byte order mark, and line ends of Windows", `\uFEFF${bare.replaceAll("\n", "\r\n")}`],
    ["another package in a comment", `/* package x; */ // package y;\n${bare}`],
    ["another package in a string", `option go_package = "a//; package z;"; ${packageLine}`],
    ["its package over several lines", "syntax = 'proto3'; package\n  centrifugal . centrifugo\n.api ;"],
  ])("elsewhere is known by its package with %s", async (_, text) => {
    const folder = folderWith({ "proto/api.proto": text });
    expect(await place(folder)).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(folder)).toEqual({ [home]: text });
  });

  test.each([
    [
      "elsewhere twice",
      { "proto/api.proto": packageLine, "proto/b/api.proto": packageLine },
      `proto/api.proto and proto/b/api.proto are all of the package centrifugal.centrifugo.api; expected one of them, to be ${home}`,
    ],
    [
      "elsewhere without a package",
      { "proto/api.proto": packageLine, "proto/none.proto": "// package centrifugal.centrifugo.api;\n" },
      "proto/none.proto says no package; a schema that lies there is expected to be of centrifugal.centrifugo.api",
    ],
    [
      "elsewhere than another package says",
      { "proto/api.proto": packageLine, "proto/zoo.proto": "package acme.zoo;" },
      "proto/zoo.proto is of the package acme.zoo; a schema that lies there is expected to be of centrifugal.centrifugo.api",
    ],
  ])("%s is refused, and nothing is moved", async (_, strays, complaint) => {
    const files = { [home]: ours, ...strays };
    const folder = folderWith(files);
    expect(await place(folder)).toEqual({
      code: 1,
      stdout: "",
      stderr: `${complaint}; nothing was moved.\n`,
    });
    expect(filesOf(folder)).toEqual(files);
  });
});

test("without a proto/ it leaves the complaint to buf", async () => {
  expect(await place(folderWith({}))).toEqual({ code: 0, stdout: "", stderr: "" });
});

/** One call over each transport, against the server of the program's arguments. */
const program = `
import { createClient } from "tscent";

const [, , httpUrl, grpcUrl, apiKey] = process.argv;
for (const [transport, url] of [["http", httpUrl], ["grpc", grpcUrl]] as const) {
  await using cent = createClient({ transport, url, apiKey });
  await cent.publish({ channel: transport, data: { text: "hi" } });
  const { publications } = await cent.history<{ text: string }>({ channel: transport, limit: 1 });
  console.log(transport, publications[0]?.data.text);
}
`;

describe("`npm run generate` with Centrifugo's own file at proto/api.proto", () => {
  let folder: string;
  let said: string;

  beforeAll(async () => {
    folder = folderWith({ "proto/api.proto": bare, "src/program.ts": program });
    for (const name of ["package.json", "buf.yaml", "buf.gen.yaml", "tsconfig.json", "scripts", "src", home])
      cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    const config = { extends: "./tsconfig.json", include: ["src", "gen"] };
    writeFileSync(join(folder, "tsconfig.src.json"), JSON.stringify(config));
    ({ stdout: said } = await run("npm", ["run", "generate"], { cwd: folder }));
  }, 30_000);

  test("says what became of the file", () => {
    expect(said).toContain(`proto/api.proto replaced ${home}; `);
    expect(existsSync(join(folder, "proto/api.proto"))).toBe(false);
  });

  test("gives the same code, but for the comments and the Go package", () => {
    const code = (file: string) =>
      withoutComments(readFileSync(file, "utf8"))
        .replace(/fileDesc\("[^"]+"\)/, "fileDesc()")
        .replaceAll(/\n\s*\n/g, "\n");
    const theirs = code(join(folder, generated));
    expect(theirs).toBe(code(generated));
    expect(theirs).toContain("fileDesc()");
    expect(theirs.match(/^export type \w+Request = /gm)?.length).toBeGreaterThan(30);
  });

  test("leaves sources that type-check, and a client that calls over both transports", async () => {
    await using server = await startTestServer();
    const call = [server.httpUrl, server.grpcUrl, server.apiKey];
    const checked = run("tsc", ["-p", "tsconfig.src.json"], { cwd: folder });
    const ran = run("node", ["--conditions=tscent-source", "src/program.ts", ...call], { cwd: folder });
    await expect(checked).resolves.toMatchObject({ stdout: "" });
    await expect(ran).resolves.toMatchObject({ stdout: "http hi\ngrpc hi\n", stderr: "" });
  }, 30_000);
});
