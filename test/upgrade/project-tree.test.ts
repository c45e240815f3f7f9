import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFolders } from "../../scripts/upgrade/project-tree.ts";
import { folderWith } from "./folder-with.ts";

/** All files below a folder, with what is in them. */
function contents(path: string): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(path.length + 1), readFileSync(file, "utf8")]));
}

const { signal } = new AbortController();
const before = { "proto/a": "a", "proto/old/b": "b", "gen/c": "c", "src/d": "d" };
const after = { "proto/a": "A", "proto/new/b": "B", "gen/e": "E", "src/d": "D", "other/f": "F" };

test("folders become those of a copy, new ones appear, and other folders stay", async () => {
  using project = folderWith(before);
  using copy = folderWith(after);
  await replaceFolders(project.path, copy.path, ["proto", "gen", "other"], signal);
  const { "src/d": _, ...replaced } = after;
  expect(contents(project.path)).toEqual({ ...replaced, "src/d": "d" });
  expect(readdirSync(project.path).sort()).toEqual(["gen", "other", "proto", "src"]);
});

const same = "could not be replaced, and are as they were";
test.each([
  ["the last one cannot be copied", ["proto", "gen", "missing"], RegExp(`${same}: ENOENT`), signal],
  // A file is where its parent is to be, which only the last rename finds out.
  ["the last one cannot be renamed", ["proto", "gen", "src/d/e"], RegExp(`${same}: ENOTDIR`), signal],
  ["the upgrade is ended", ["proto", "gen"], /^ended$/, AbortSignal.abort(new Error("ended"))],
])("all folders are as they were where %s", async (_title, folders, message, ending) => {
  using project = folderWith(before);
  using copy = folderWith({ "proto/a": "A", "gen/e": "E", "src/d/e/f": "F" });
  await expect(replaceFolders(project.path, copy.path, folders, ending)).rejects.toThrow(message);
  expect(contents(project.path)).toEqual(before);
  expect(readdirSync(project.path).sort()).toEqual(["gen", "proto", "src"]);
});
