import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UpgradeError } from "../upgrade-error.ts";
import type { FileChange } from "./changed-files.ts";

/**
 * Writes and removes files: all of them, or none where one cannot be. It does not yield, so that no signal is handled
 * half-way.
 *
 * @throws UpgradeError where a file cannot be replaced; all are as they were then
 */
export function replaceFiles(project: string, changes: readonly FileChange[]): void {
  const undo: (() => void)[] = [];
  try {
    // First all that can run out of space or be forbidden; then the renames, which hardly fail.
    const ready = changes.map(({ path, content }) => ({
      path,
      content: content && prepare(project, path, content, undo),
    }));
    for (const { path, content } of ready) replace(join(project, path), content, undo);
  } catch (error) {
    for (const step of undo.reverse()) step();
    const message = error instanceof Error ? error.message : String(error);
    throw new UpgradeError(`The files could not be replaced, and are as they were: ${message}`, {
      cause: error,
    });
  }
}

/** Writes a file's new content beside it, and gives the path of that. */
function prepare(project: string, path: string, content: Buffer, undo: (() => void)[]): string {
  const file = join(project, path);
  const made = mkdirSync(dirname(file), { recursive: true });
  if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
  const beside = `${file}.upgrade-${process.pid}`;
  const handle = openSync(beside, "wx");
  undo.push(() => rmSync(beside, { force: true }));
  writeFileSync(handle, content);
  closeSync(handle);
  return beside;
}

function replace(file: string, content: string | undefined, undo: (() => void)[]): void {
  const former = existsSync(file) ? readFileSync(file) : undefined;
  if (content === undefined) rmSync(file);
  else renameSync(content, file);
  undo.push(() => (former === undefined ? rmSync(file, { force: true }) : writeFileSync(file, former)));
}
