import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changedFiles } from "../../scripts/upgrade/stage/changed-files.ts";
import { replaceFiles } from "../../scripts/upgrade/stage/replace-files.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";

/** A folder with files in it; a file's name may have folders. */
function folderWith(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder.path, name, ".."), { recursive: true });
    writeFileSync(join(folder.path, name), content);
  }
  return folder;
}

/** All files below a folder, with what is in them. */
function contents(path: string): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(path.length + 1), readFileSync(file, "utf8")]),
  );
}

const before = { "gen/a.ts": "a", "gen/old/b.ts": "b", "gen/same.ts": "same", "src/c.ts": "c" };
const after = { "gen/a.ts": "A", "gen/new/d.ts": "D", "gen/same.ts": "same", "src/c.ts": "C" };

test("the files of some folders become those of a copy, and nothing else changes", () => {
  using project = folderWith(before);
  using copy = folderWith(after);
  const changes = changedFiles(project.path, copy.path, ["gen", "none"]);
  expect(changes.map(({ path, content }) => [path, content?.toString()])).toEqual([
    ["gen/a.ts", "A"],
    ["gen/new/d.ts", "D"],
    ["gen/old/b.ts", undefined],
  ]);
  replaceFiles(project.path, changes);
  expect(contents(project.path)).toEqual({
    "gen/a.ts": "A",
    "gen/new/d.ts": "D",
    "gen/same.ts": "same",
    "src/c.ts": "c",
  });
});

test("all is as it was where one file cannot be replaced", () => {
  using project = folderWith(before);
  // A folder where a file is to be, which only the rename finds out.
  mkdirSync(join(project.path, "gen/z.ts/inside"), { recursive: true });
  const changes = [
    ["gen/a.ts", "A"],
    ["gen/new/d.ts", "D"],
    ["gen/old/b.ts", undefined],
    ["gen/z.ts", "Z"],
  ].map(([path = "", content]) => ({
    path,
    content: content === undefined ? undefined : Buffer.from(content),
  }));
  expect(() => replaceFiles(project.path, changes)).toThrow(
    /^The files could not be replaced, and are as they were: EISDIR/,
  );
  expect(contents(project.path)).toEqual(before);
  expect(existsSync(join(project.path, "gen/new"))).toBe(false);
});

test("all is as it was where one file cannot be written", () => {
  using project = folderWith(before);
  const changes = [
    { path: "gen/a.ts", content: Buffer.from("A") },
    { path: "src/c.ts/not-a-folder.ts", content: Buffer.from("") },
  ];
  expect(() => replaceFiles(project.path, changes)).toThrow(
    /^The files could not be replaced, and are as they were: E(?:NOTDIR|EXIST)/,
  );
  expect(contents(project.path)).toEqual(before);
});
