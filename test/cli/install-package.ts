import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/**
 * Installs this package into an application's node_modules as npm does: built, without sources, with its dependencies
 * and the packages in `more`.
 */
export async function installPackage(application: string, more: readonly string[] = []): Promise<void> {
  const modules = join(application, "node_modules");
  const installed = join(modules, "tscent");
  mkdirSync(installed, { recursive: true });
  copyFileSync("package.json", join(installed, "package.json"));
  cpSync("proto", join(installed, "proto"), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };
  for (const name of [...Object.keys(dependencies), ...more]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve("node_modules", name), join(modules, name));
  }
  await promisify(execFile)("node", ["scripts/build.ts", join(installed, "dist")]);
}
