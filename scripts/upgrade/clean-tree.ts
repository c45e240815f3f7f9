import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import { UpgradeError } from "./upgrade-error.ts";

async function git(folder: string, signal: AbortSignal, ...args: string[]): Promise<string> {
  const { code, said } = await runCommand("git", args, { cwd: folder, signal });
  if (code !== 0) throw new UpgradeError(`\`git ${args.join(" ")}\` failed in ${folder}:\n${said}`);
  return said;
}

/** Refuses a project that has changes without a commit: they would be mixed with those of the upgrade. */
export async function requireCleanTree(project: string, signal: AbortSignal): Promise<void> {
  await git(project, signal, "rev-parse", "--verify", "--quiet", "HEAD");
  const files = await git(project, signal, "status", "--porcelain", "--", ".");
  if (files !== "")
    throw new UpgradeError(
      `The tree has changes that are not committed; commit them first, so that the upgrade stands alone:\n${files}`,
    );
}

/**
 * Makes a copy of a committed project; its installed packages are linked, not copied.
 *
 * @returns the folder of the project in the copy, which is below `folder`
 */
export async function copyOfTree(project: string, folder: string, signal: AbortSignal): Promise<string> {
  const root = await git(project, signal, "rev-parse", "--show-toplevel");
  const prefix = await git(project, signal, "rev-parse", "--show-prefix");
  await git(project, signal, "clone", "--quiet", root, folder);
  const copy = join(folder, prefix);
  const packages = join(project, "node_modules");
  if (existsSync(packages)) symlinkSync(packages, join(copy, "node_modules"));
  return copy;
}
