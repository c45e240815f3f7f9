import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../../src/transport/transport-failure.ts";
import { UpgradeError } from "./failures.ts";
import { runCommand } from "./run-command.ts";

/** Refuses a project that has changes without a commit: they would be mixed with those of the upgrade. */
export async function requireCleanTree(project: string, signal: AbortSignal): Promise<void> {
  const options = { cwd: project, signal, hint: "; the upgrade needs a repository with a commit" };
  await runCommand("git", ["rev-parse", "--verify", "--quiet", "HEAD"], options);
  const files = await runCommand("git", ["status", "--porcelain", "--", "."], options);
  if (files.length > 0)
    throw new UpgradeError(
      `commit these changes first, so that the upgrade stands alone:\n${files.join("\n")}`,
    );
}

/**
 * Makes a copy of a committed project; its installed packages are linked, not copied.
 *
 * @returns the folder of the project in the copy, which is below `folder`
 */
export async function copyOfTree(project: string, folder: string, signal: AbortSignal): Promise<string> {
  const options = { cwd: project, signal };
  const places = ["rev-parse", "--show-toplevel", "--show-prefix"];
  const [root = "", prefix = ""] = await runCommand("git", places, options);
  await runCommand("git", ["clone", "--quiet", root, folder], options);
  const copy = join(folder, prefix);
  const packages = join(project, "node_modules");
  if (existsSync(packages)) symlinkSync(packages, join(copy, "node_modules"));
  return copy;
}

/**
 * Replaces folders and files of a project by those of the same name elsewhere: all of them, or none.
 *
 * @throws UpgradeError where one cannot be replaced, and the signal's reason where it is aborted; all are as they
 *   were then
 */
export async function replaceFolders(
  project: string,
  from: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const beside = join(project, `.upgrade-${process.pid}`);
  const undo: (() => void)[] = [];
  const move = (source: string, target: string) => {
    renameSync(source, target);
    undo.push(() => renameSync(target, source));
  };
  try {
    mkdirSync(beside);
    undo.push(() => rmSync(beside, { recursive: true, force: true }));
    // The copies can run out of space, so they come first. The renames hardly fail.
    for (const folder of folders)
      await cp(join(from, folder), join(beside, "new", folder), { recursive: true });
    // From here on nothing yields, so that no signal is handled half-way.
    signal.throwIfAborted();
    for (const folder of folders) {
      const old = join(beside, "old", folder);
      mkdirSync(dirname(old), { recursive: true });
      if (existsSync(join(project, folder))) move(join(project, folder), old);
      move(join(beside, "new", folder), join(project, folder));
    }
  } catch (cause) {
    for (const step of undo.reverse()) step();
    signal.throwIfAborted();
    throw new UpgradeError(
      `${folders.join(" and ")} could not be replaced, and are as they were: ${messageOf(cause)}`,
      { cause },
    );
  }
  rmSync(beside, { recursive: true });
}
