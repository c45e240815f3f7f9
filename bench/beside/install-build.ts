// Installs a build of the package in an application with a copy of the benchmark. The copy lies outside this project, so
// it imports `tscent` from the application's node_modules.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ParticipantProgram } from "../start-participants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs the working tree into a folder. Its dist/ must be built. */
export function packWorkingTree(folder: string): string {
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  return join(folder, execFileSync("npm", pack, { cwd: root, encoding: "utf8" }).trim());
}

/** Installs a tarball beside the packages of this project. Returns the program of a participant that uses it. */
export function installBuild(tarball: string, application: string): ParticipantProgram {
  const modules = join(application, "node_modules");
  const installed = join(modules, "tscent");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "tscent") symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(application, "package.json"), JSON.stringify({ type: "module" }));
  for (const folder of ["bench", "scripts"]) {
    cpSync(join(root, folder), join(application, folder), { recursive: true });
  }
  return { program: pathToFileURL(join(application, "bench/participant-process.ts")), flags: [] };
}
