import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseOptions } from "../../scripts/upgrade/options.ts";
import { type UpgradeContext, upgrade } from "../../scripts/upgrade.ts";

export const protoPath = "proto/centrifugal/centrifugo/api/api.proto";
export const genPath = "gen/centrifugal/centrifugo/api/api_pb.ts";

/** What our own plugin generates beside that, in the order of `git status`. */
const ownTypes = ["api_methods.ts", "api_types.ts", "pro_methods.ts"].map((name) =>
  join(dirname(genPath), name),
);
export const generatedPaths: readonly string[] = [genPath, ...ownTypes].sort();

/** The files that our plugin needs, and those that its output imports. */
const plugin = ["scripts/generate", "src/schema", "src/codec/message-fields.ts"];
const imported = {
  "src/call/items.ts": "export type Item<Result> = { readonly result: Result };\n",
  "src/options/call-options.ts": "export interface CallOptions {}\n",
};

/** The schema or the generated code, with a header that names 6.9.1, whatever it names by now. */
function asRelease(text: string): string {
  return text.replace(
    /(?:as version \S+ speaks it|\w+ than version \S+?)(?=\.$)/m,
    "as version 6.9.1 speaks it",
  );
}

/** What the project itself has. */
export const today = {
  proto: asRelease(readFileSync(protoPath, "utf8")),
  gen: asRelease(readFileSync(genPath, "utf8")),
};

/** A small project with a schema, generated code and tests of its own, committed. */
export interface FixtureProject extends Disposable {
  readonly path: string;
  read(file: string): string;
  write(file: string, content: string): void;
  commit(): void;
  git(...args: string[]): string;
  /** All that is in its tree or differs from what was committed; for telling whether something changed. */
  state(): string;
}

export interface FixtureFiles {
  readonly proto: string;
  readonly gen: string;
  /** The project's `npm test`; passes by default. */
  readonly test?: string;
  /** Where the project is in its repository; at its top by default. */
  readonly folder?: string;
  /** A program that uses the generated code; for the type check. */
  readonly program?: string;
}

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")),
);

export function fixtureProject(files: FixtureFiles): FixtureProject {
  const { proto, gen, folder = "", test = "", program = "export {};\n" } = files;
  const root = mkdtempSync(join(tmpdir(), "fixture-"));
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@localhost", ...args], {
      cwd: root,
      env: environment,
      encoding: "utf8",
      stdio: "pipe",
    });
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  };
  const commit = () => {
    git("add", "--all");
    git("commit", "--quiet", "--message", "A state");
  };
  for (const file of ["buf.yaml", "buf.gen.yaml", "tsconfig.json", ...plugin])
    cpSync(file, join(path, file), { recursive: true, filter: (one) => !one.endsWith("service-types.ts") });
  for (const [file, content] of Object.entries(imported)) write(file, content);
  for (const file of ownTypes) write(file, gen === today.gen ? asRelease(readFileSync(file, "utf8")) : "");
  symlinkSync(resolve("node_modules"), join(path, "node_modules"));
  write(".gitignore", "node_modules\n");
  write("package.json", JSON.stringify({ type: "module", scripts: { test: "node tests.js" } }));
  write("tests.js", test);
  write("src/program.ts", program);
  write(protoPath, proto);
  write(genPath, gen);
  git("init", "--quiet");
  commit();
  return {
    path,
    read: (file) => readFileSync(join(path, file), "utf8"),
    write,
    commit,
    git,
    state: () =>
      git("status", "--porcelain", "--untracked-files=all") + git("diff") + git("rev-parse", "HEAD"),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

/** What buf generates from a schema. */
export function generate(proto: string): string {
  using project = fixtureProject({ proto, gen: "" });
  execFileSync("buf", ["generate"], { cwd: project.path });
  return project.read(genPath);
}

/** How an upgrade ended. */
export interface Outcome {
  /** Undefined where it failed. */
  readonly code: number | undefined;
  readonly report: string;
  readonly progress: string;
  /** The failure's message, "" where it succeeded. */
  readonly error: string;
  readonly failure: unknown;
}

/** Runs an upgrade in this process, as the command line would. */
export async function run(
  project: { readonly path: string },
  args: readonly string[],
  context: Partial<UpgradeContext> = {},
): Promise<Outcome> {
  const [printed, progress]: [string[], string[]] = [[], []];
  const told = () => ({ report: printed.join("\n\n"), progress: progress.join("\n") });
  try {
    const options = parseOptions(args);
    if (options === undefined) throw new Error("asked for help");
    const code = await upgrade(options, {
      project: project.path,
      signal: new AbortController().signal,
      print: (text) => {
        printed.push(text);
      },
      progress: (line) => progress.push(line),
      ...context,
    });
    return { code, ...told(), error: "", failure: undefined };
  } catch (failure) {
    const error = failure instanceof Error ? failure.message : String(failure);
    return { code: undefined, ...told(), error, failure };
  }
}
