import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.ts";
import type { ServerAddress, Setting } from "./setting.ts";

/** A folder outside of this repository, with the packed package and other packages installed by npm. */
export interface Project {
  readonly folder: string;
  /** Writes a file. */
  write(path: string, text: string): void;
  /** Runs a command in the folder, with the server's address in its environment. Gives its output. */
  run(...command: [string, ...string[]]): Promise<string>;
  /** The package's entry points, as programs import them. */
  readonly entries: readonly string[];
  readonly server: ServerAddress;
  /** The variables of commands that run in the folder. */
  readonly env: Readonly<Record<string, string>>;
  /** The installed version of a package. */
  version(name: string): string;
}

export interface ProjectOptions {
  /** The packages besides tscent, with the version or tag that npm takes. */
  readonly packages?: Readonly<Record<string, string>>;
  /** More of package.json. */
  readonly json?: object;
  /** A folder in `fixtures/` whose files the project gets. */
  readonly fixture?: string;
  /** Another folder whose files the project gets, except package.json. */
  readonly copy?: string;
}

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));

/** Makes a project, or takes the one of an earlier run if it has the same packages. */
export async function openProject(setting: Setting, name: string, options: ProjectOptions): Promise<Project> {
  const { packages = {}, json = {}, fixture, copy } = options;
  const folder = join(setting.cache, name);
  const dependencies = { tscent: `file:${setting.tarball}`, ...packages };
  const packageJson = JSON.stringify({ private: true, ...json, dependencies }, null, 2);
  const env = environment(setting, folder);
  const project: Project = {
    ...{ folder, env, entries: setting.entries, server: setting.server },
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run: (...command) => runCommand(command, { cwd: folder, env }),
    version: (dependency) => installedVersion(folder, dependency),
  };
  if (copy !== undefined)
    cpSync(copy, folder, { recursive: true, filter: (path) => !path.endsWith("package.json") });
  await install(project, packageJson);
  if (fixture !== undefined) cpSync(join(fixtures, fixture), folder, { recursive: true });
  return project;
}

/** Runs `npm install`, unless the project has the same package.json already. */
async function install(project: Project, packageJson: string): Promise<void> {
  const stamp = createHash("sha256").update(packageJson).digest("hex");
  const stampFile = join(project.folder, "node_modules/.matrix");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  rmSync(join(project.folder, "package-lock.json"), { force: true });
  project.write("package.json", packageJson);
  await project.run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
  project.write("node_modules/.matrix", stamp);
}

function installedVersion(folder: string, name: string): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function environment({ server }: Setting, folder: string): Record<string, string> {
  return {
    CENT_HTTP_URL: server.httpUrl,
    CENT_GRPC_URL: server.grpcUrl,
    CENT_API_KEY: server.apiKey,
    PATH: `${join(folder, "node_modules/.bin")}:${process.env.PATH}`,
  };
}
