import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { installPackage } from "../cli/install-package.ts";

const run = promisify(execFile);
const page = "docs/upgrading.md";
const doc = readFileSync(page, "utf8");
const snippets = blocks("ts", doc);
/** The page's first snippet that imports generated code. */
const firstCall = snippets.find((code) => code.includes("./gen/api_pb.ts")) ?? "";
/** An application that has tscent installed, and in it the page's and the example's. */
const application = mkdtempSync(join(tmpdir(), "newer-server-"));
const pageFolder = join(application, "page");
const exampleFolder = join(application, "example");
let server: TestServer;

function blocks(language: string, text: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, code = ""]) =>
    of === language ? code : [],
  );
}

/** The yaml block of the page that begins with this comment. */
function yaml(title: string): string {
  const found = blocks("yaml", doc).find((block) => block.startsWith(`# ${title}\n`));
  if (found === undefined) throw new Error(`${page} has no ${title}`);
  return found;
}

/** The commands of the page that npx runs, without npx. */
function commands(name: string): string[][] {
  const lines = blocks("sh", doc).flatMap((block) => block.trim().split("\n"));
  return lines.filter((line) => line.startsWith(`npx ${name} `)).map((line) => line.split(" ").slice(1));
}

/** A page's code, against the server of this test. */
function here(code: string): string {
  return code
    .replaceAll("http://localhost:8000/api", server.httpUrl)
    .replaceAll("http://localhost:10000", server.grpcUrl);
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const tsconfig = readFileSync("examples/newer-server/tsconfig.json", "utf8");
const { compilerOptions: settings } = JSON.parse(tsconfig) as { compilerOptions: Record<string, unknown> };

beforeAll(async () => {
  cpSync("examples/newer-server", exampleFolder, {
    recursive: true,
    filter: (file) => !/[/\\](?:gen|proto)$/.test(file),
  });
  write(application, { "package.json": JSON.stringify({ type: "module" }) });
  await installPackage(application, ["@types/node", "undici-types"]);
  await run("node", ["schema.ts"], { cwd: exampleFolder });
  write(pageFolder, {
    "tsconfig.json": tsconfig,
    "buf.yaml": yaml("buf.yaml"),
    "buf.gen.yaml": yaml("buf.gen.yaml"),
  });
  cpSync(join(exampleFolder, "proto"), join(pageFolder, "proto"), { recursive: true });
  for (const [command = "", ...args] of commands("buf")) await run(command, args, { cwd: pageFolder });

  const image = fromBinary(FileDescriptorSetSchema, readFileSync(join(pageFolder, "api.binpb")));
  server = await startTestServer({
    service: createFileRegistry(image).getService("centrifugal.centrifugo.api.CentrifugoApi"),
    methods: {
      channelStats: () => ({ numPublications: 3, byUser: { ann: 2 } }),
      httpStats: () => ({ numRequests: 7 }),
    },
  });
  write(pageFolder, Object.fromEntries(snippets.map((code, index) => [`${index}.ts`, here(code)])));
}, 30_000);

afterAll(async () => {
  await server?.close();
  rmSync(application, { recursive: true });
});

describe(`the snippets of ${page}`, () => {
  test("the page has snippets, and two buf commands", () => {
    expect(snippets.length).toBeGreaterThan(5);
    expect(commands("buf")).toHaveLength(2);
  });

  test("the snippets have the types that they say", async () => {
    await expect(run("tsc", [], { cwd: pageFolder })).resolves.toMatchObject({ stdout: "" });
  }, 30_000);

  test.each(
    snippets.map((code, index) => [index, /^import .* from "(?!node:)/m.exec(code)?.[0] ?? "", code]),
  )("snippet %i runs: %s", async (index) => {
    const ran = run("node", [`${index}.ts`], { cwd: pageFolder });
    await expect(ran).resolves.toMatchObject({ stderr: "" });
  });

  test("the snippets' new method and new field reach the server over both transports", () => {
    const sent = server.calls.map(({ method, transport, request }) => [transport, method, request]);
    expect(sent).toContainEqual(["http", "channelStats", { channel: "chat" }]);
    const urgent = expect.objectContaining({ channel: "chat", priority: 2 });
    expect(sent).toContainEqual(["http", "publish", urgent]);
    expect(sent).toContainEqual(["grpc", "publish", urgent]);
  });
});

/** The kinds of programs that the page describes: options of protoc-gen-es, import, and how it is compiled and run. */
const kinds = [
  {
    kind: "is compiled with `rewriteRelativeImportExtensions`",
    options: ["target=ts", "import_extension=ts", "erasable_syntax=true"],
    path: "./gen/api_pb.ts",
    compiler: { module: "nodenext", rewriteRelativeImportExtensions: true, erasableSyntaxOnly: true },
    program: "out/program.js",
  },
  {
    kind: 'is compiled by tsc with `module: "nodenext"`',
    options: ["target=ts", "import_extension=js"],
    path: "./gen/api_pb.js",
    compiler: { module: "nodenext" },
    program: "out/program.js",
  },
  {
    kind: 'goes through a bundler, `moduleResolution: "bundler"`',
    options: ["target=ts"],
    path: "./gen/api_pb",
    compiler: { module: "esnext", moduleResolution: "bundler" },
    program: undefined,
  },
  {
    kind: "is JavaScript",
    options: ["target=js+dts", "import_extension=js"],
    path: "./gen/api_pb.js",
    compiler: { module: "nodenext", allowJs: true, checkJs: true },
    program: "program.js",
  },
];

describe("kinds of programs", () => {
  const folderOf = (kind: string) => join(application, `kind-${kinds.findIndex((one) => one.kind === kind)}`);

  beforeAll(async () => {
    // All of them at once: buf reads the schema a single time then.
    const plugins = kinds.map(({ kind, options }) => {
      return { local: "protoc-gen-es", out: join(folderOf(kind), "gen"), opt: options };
    });
    const template = JSON.stringify({ version: "v2", inputs: [{ directory: "proto" }], plugins });
    await run("buf", ["generate", "--template", template], { cwd: pageFolder });
  }, 30_000);

  test.each(kinds)("the page lists the options for a program that $kind", ({ kind, options, path }) => {
    const row = doc.split("\n").find((line) => line.startsWith("| ") && line.includes(kind)) ?? "";
    const named = row.includes("| as above |")
      ? yaml("buf.gen.yaml").match(/(?<=- )\w+=\S+/g)
      : row.match(/[\w+]+=[\w+]+/g);
    expect(named).toEqual(options);
    expect(row).toContain(`| \`${path}\` |`);
  });

  test.each(kinds)(
    "a program that $kind type-checks, and runs",
    async ({ kind, path, compiler, program }) => {
      const folder = folderOf(kind);
      const { target, lib, types, strict, verbatimModuleSyntax } = settings;
      const common = { target, lib, types, strict, verbatimModuleSyntax, skipLibCheck: true };
      const config = {
        compilerOptions: { ...common, rootDir: ".", outDir: "out", ...compiler },
        exclude: ["out"],
      };
      write(folder, {
        "tsconfig.json": JSON.stringify(config),
        [program === "program.js" ? "program.js" : "program.ts"]: here(firstCall).replace(
          "./gen/api_pb.ts",
          path,
        ),
      });
      await expect(run("tsc", [], { cwd: folder })).resolves.toMatchObject({ stdout: "" });
      if (program === undefined) return;
      await expect(run("node", [program], { cwd: folder })).resolves.toMatchObject({ stderr: "" });
    },
    30_000,
  );
});

test("buf fetches the schema from a repository as the page says", async () => {
  const repository = join(application, "repository");
  cpSync(join(pageFolder, "proto"), join(repository, "internal/apiproto"), { recursive: true });
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: repository });
  const inputs = yaml("buf.gen.yaml, from the repository");
  const [, tag = ""] = /tag: (\S+)/.exec(inputs) ?? [];
  await git("init", "-q");
  await git("add", ".");
  await git("commit", "-q", "-m", "schema");
  await git("tag", tag);
  const folder = join(application, "fetched");
  const address = "https://github.com/centrifugal/centrifugo";
  expect(inputs).toContain(address);
  const local = inputs.replace(address, `file://${repository}`);
  write(folder, {
    "buf.gen.yaml": yaml("buf.gen.yaml").replace(/inputs:\n.*\n/, local.replace(/^#.*\n/, "")),
  });
  await run("buf", ["generate"], { cwd: folder });
  const generated = (of: string) => readFileSync(join(of, "gen/api_pb.ts"), "utf8");
  expect(generated(folder)).toBe(generated(pageFolder));
});

describe(`the commands of ${page}`, () => {
  const cli = join(application, "node_modules/tscent/dist/cli.js");
  const outputs = blocks("text", doc);

  test("the page shows an output for each tscent command", () => {
    expect(commands("tscent")).toHaveLength(2);
    expect(outputs).toHaveLength(2);
  });

  test.each([0, 1])("tscent methods writes the output that the page shows: %i", async (index) => {
    const args = (commands("tscent")[index] ?? []).slice(1).map(here);
    const { stdout } = await run("node", [cli, ...args], { cwd: pageFolder });
    const plain = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/\d+\.\d+\.\d+\S*|\d+/g, "#");
    const lines = here(outputs[index] ?? "")
      .trim()
      .split("\n");
    const shown = lines.filter((candidate) => candidate !== "…");
    expect(shown.length).toBeGreaterThan(1);
    for (const line of shown) expect(plain(stdout)).toContain(plain(line).replace(/…$/, ""));
  });
});

describe("examples/newer-server", () => {
  const readme = readFileSync("examples/newer-server/README.md", "utf8");
  const [, steps = ""] = blocks("sh", readme);

  test("the example's steps write the output that its README shows", async () => {
    let written = "";
    for (const [command = "", ...args] of steps
      .trim()
      .split("\n")
      .map((line) => line.split(" "))) {
      const { stdout, stderr } = await run(command, args, { cwd: exampleFolder });
      expect(stderr).toBe("");
      written += stdout;
    }
    expect([written]).toEqual(blocks("text", readme));
    await expect(run("tsc", [], { cwd: exampleFolder })).resolves.toMatchObject({ stdout: "" });
  }, 30_000);

  test("the example script of package.json runs the steps of the README", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { example?: string } };
    expect(scripts.example).toMatch(
      new RegExp(`cd examples/newer-server && ${steps.trim().replaceAll("\n", " && ")}$`),
    );
  });

  test("git ignores the files that the example makes", async () => {
    const made = ["proto/api.proto", "gen/api_pb.ts"].map((file) => `examples/newer-server/${file}`);
    const { stdout } = await run("git", ["check-ignore", ...made]);
    expect(stdout.trim().split("\n")).toEqual(made);
  });
});
