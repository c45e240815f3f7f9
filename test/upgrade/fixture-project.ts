import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { cutComments } from "../../scripts/upgrade/cut-comments.ts";
import { parseOptions } from "../../scripts/upgrade/options.ts";
import { type UpgradeContext, upgrade } from "../../scripts/upgrade/upgrade.ts";
import { folderWith, writeInto } from "./folder-with.ts";

export const protoPath = "proto/centrifugal/centrifugo/api/api.proto";
export const genPath = "gen/centrifugal/centrifugo/api/api_pb.ts";

/** The files that `npm run generate` writes for that schema, in the order of `git status`. */
export const genPaths: readonly string[] = ["docs/reference.md", ...globSync("gen/**/api/*.ts").sort()];

/** Our own generators and their imports. */
const generators = [
  "scripts/generate",
  "scripts/reference",
  "scripts/reference.ts",
  "src/schema",
  "src/codec/message-fields.ts",
  "src/proxy/handler-types.ts",
];

/** The imports of the generated code. */
const imported = {
  "src/call/items.ts": "export type Item<Result> = { readonly result: Result };\n",
  "src/options/call-options.ts": "export interface CallOptions {}\n",
};

const author = ["-c", "user.name=Test", "-c", "user.email=test@localhost"];

/** Our schema of today. */
export const ourProto = readFileSync(protoPath, "utf8");

/** A schema in the manner of Centrifugo's own: without our comments, in another layout, with the name of a Go package. */
export function asUpstream(schema: string): string {
  return cutComments(schema)
    .replaceAll(/^ {2}/gm, "    ")
    .replaceAll(/^( +rpc \w+)\(/gm, "$1 (")
    .replace(/^package .*$/m, '$&\noption go_package = "./;apiproto";');
}

/** Our schema with a method and a field more, in the manner of Centrifugo. */
export const newerProto = asUpstream(
  ourProto
    .replace(/^service CentrifugoApi \{/m, "$&\n  rpc Ping(PingRequest) returns (PingResponse) {}")
    .replace(/^message Command \{/m, "$&\n  PingRequest ping = 1001;")
    .replace(/^message Reply \{/m, "$&\n  PingResult ping = 1001;")
    .replace(/^message PublishRequest \{/m, "$&\n  string priority = 1001;"),
).concat(`
message PingRequest {}
message PingResponse { Error error = 1; PingResult result = 2; }
message PingResult { string text = 1; }
`);

/**
 * A small project with our schema, our generated code and tests of its own, committed.
 *
 * @param files further files, or others than it has by default
 * @param copied files and folders that it has from ours
 */
export function fixtureProject(files: Readonly<Record<string, string>> = {}, copied: readonly string[] = []) {
  const folder = folderWith({
    ".gitignore": "node_modules\n",
    "package.json": '{ "type": "module", "scripts": { "test": "node tests.js" } }',
    "tests.js": "",
    "src/program.ts": "export {};\n",
    ...imported,
  });
  const { path } = folder;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const git = (...args: string[]) =>
    execFileSync("git", [...author, ...args], { cwd: path, env, encoding: "utf8", stdio: "pipe" });
  // The generators do not import these files, which need more of src.
  const filter = (file: string) => !/(?:service-types|default-api)\.ts$/.test(file);
  for (const file of generators) cpSync(file, join(path, file), { recursive: true, filter });
  for (const file of [
    "buf.yaml",
    "buf.gen.yaml",
    "tsconfig.json",
    "proto",
    "gen",
    "docs/reference.md",
    ...copied,
  ])
    cpSync(file, join(path, file), { recursive: true });
  symlinkSync(resolve("node_modules"), join(path, "node_modules"));
  for (const [file, content] of Object.entries(files)) writeInto(path, file, content);
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "A state");
  return {
    path,
    read: (file: string) => readFileSync(join(path, file), "utf8"),
    git,
    /** How its tree differs from its commit, and what that is: equal where nothing was touched. */
    state: () =>
      git("status", "--porcelain", "--untracked-files=all") + git("diff") + git("rev-parse", "HEAD"),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Runs an upgrade in this process, from a schema that is given as text. The code of a failure is undefined. */
export async function run(
  project: { readonly path: string },
  schema: string,
  options: readonly string[] = [],
  context: Partial<UpgradeContext> = {},
) {
  using source = folderWith({ "new.proto": schema });
  const [printed, progress]: [string[], string[]] = [[], []];
  const told = () => ({ report: printed.join("\n\n"), progress: progress.join("\n") });
  const parsed = parseOptions([join(source.path, "new.proto"), ...options]);
  if (parsed === undefined) throw new Error("asked for help");
  try {
    const code = await upgrade(parsed, {
      project: project.path,
      signal: new AbortController().signal,
      print: (text) => void printed.push(text),
      progress: (line) => void progress.push(line),
      ...context,
    });
    return { code, ...told(), error: "" };
  } catch (error) {
    return { code: undefined, ...told(), error: String(error) };
  }
}
