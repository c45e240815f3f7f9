import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../src/transport/transport-failure.ts";
import { UpgradeError } from "./upgrade-error.ts";

/**
 * Replaces folders of a project by those of the same name elsewhere: all of them, or none where one cannot be. It does
 * not yield, so that no signal is handled half-way.
 *
 * @throws UpgradeError where a folder cannot be replaced; all are as they were then
 */
export function replaceFolders(project: string, from: string, folders: readonly string[]): void {
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
      cpSync(join(from, folder), join(beside, "new", folder), { recursive: true });
    mkdirSync(join(beside, "old"));
    for (const folder of folders) {
      if (existsSync(join(project, folder))) move(join(project, folder), join(beside, "old", folder));
      move(join(beside, "new", folder), join(project, folder));
    }
  } catch (cause) {
    for (const step of undo.reverse()) step();
    throw new UpgradeError(
      `${folders.join(" and ")} could not be replaced, and are as they were: ${messageOf(cause)}`,
      { cause },
    );
  }
  rmSync(beside, { recursive: true });
}
