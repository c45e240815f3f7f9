import { expect, test } from "vitest";
import { releaseNotes } from "../../scripts/release/release-notes.ts";

const changelog = `# Changelog

The format.

## Unreleased

## 1.2.3 - 2027-01-31

### Added

- The first entry, which
  has two lines.
- The second.

## 1.2.2 - 2026-12-01

- An older entry.
`;

test("the notes of a release are its section of the changelog, with a line for each entry", () => {
  expect(releaseNotes("v1.2.3", "1.2.3", changelog)).toBe(
    "### Added\n\n- The first entry, which has two lines.\n- The second.\n",
  );
});

test("the last section of the changelog ends with the file", () => {
  expect(releaseNotes("v1.2.2", "1.2.2", changelog)).toBe("- An older entry.\n");
});

test.each([
  [
    "a tag of another version",
    "v1.2.4",
    "1.2.3",
    changelog,
    "the tag is v1.2.4, but package.json has the version 1.2.3",
  ],
  ["a tag without v", "1.2.3", "1.2.3", changelog, "its tag is v1.2.3"],
  ["no tag", "", "1.2.3", changelog, "its tag is v1.2.3"],
  ["a prerelease", "v1.2.3-rc.1", "1.2.3-rc.1", changelog, "1.2.3-rc.1 is no release"],
  ["a version without section", "v1.2.4", "1.2.4", changelog, 'no entries under "## 1.2.4 - '],
  ["an empty section", "v1.2.4", "1.2.4", `${changelog}\n## 1.2.4 - 2027-02-01\n\n`, "no entries"],
  ["a section without date", "v1.2.2", "1.2.2", changelog.replace(" - 2026-12-01", ""), "no entries"],
  [
    "an entry that nobody moved to the version",
    "v1.2.3",
    "1.2.3",
    changelog.replace("## Unreleased\n", "## Unreleased\n\n- Late.\n"),
    'still has entries under "Unreleased"',
  ],
])("%s is no release", (_what, tag, version, text, message) => {
  expect(() => releaseNotes(tag, version, text)).toThrow(message);
});
