import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A file that is to be written, or removed where it has no content. Its path is relative to the project. */
export interface FileChange {
  readonly path: string;
  readonly content: Buffer | undefined;
}

/** How the files below some folders differ between a project and a copy of it. */
export function changedFiles(project: string, copy: string, folders: readonly string[]): FileChange[] {
  return folders.flatMap((folder) => {
    const [before, after] = [filesBelow(project, folder), filesBelow(copy, folder)];
    const written = after
      .map((path) => ({ path, content: readFileSync(join(copy, path)) }))
      .filter(
        ({ path, content }) => !before.includes(path) || !readFileSync(join(project, path)).equals(content),
      );
    const removed = before
      .filter((path) => !after.includes(path))
      .map((path) => ({ path, content: undefined }));
    return [...written, ...removed];
  });
}

function filesBelow(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
