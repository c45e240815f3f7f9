/**
 * The notes of a release: the changelog's section `## 1.2.3 - 2027-01-31`.
 *
 * @param tag the tag that starts the release, such as `v1.2.3`
 * @param version the version in package.json
 * @throws {Error} a release must not go out like this, and the message says what to correct
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`)
    throw new Error(`the tag is ${tag}, but package.json has the version ${version}: its tag is v${version}`);
  // npm gives the tag `latest` to each version, so `npm install tscent` would install a prerelease.
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${version} is no release: write it as in 1.2.3`);
  const sections = sectionsOf(changelog);
  if (sections.get("Unreleased"))
    throw new Error(`CHANGELOG.md still has entries under "Unreleased", which ${tag} would publish`);
  const [notes] = [...sections].flatMap(([title, text]) => {
    const [, of, date] = /^(\S+) - (\d{4}-\d\d-\d\d)$/.exec(title) ?? [];
    return of === version && date !== undefined ? [text] : [];
  });
  if (!notes) throw new Error(`CHANGELOG.md has no entries under "## ${version} - <year>-<month>-<day>"`);
  // GitHub shows each line of a release as a line of its own, so the lines of an entry become one.
  return `${notes.replaceAll(/\n +(?=\S)/g, " ")}\n`;
}

/** The texts of the sections, by their titles. */
function sectionsOf(changelog: string): ReadonlyMap<string, string> {
  const [, ...sections] = changelog.split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title.trim(), lines.join("\n").trim()];
    }),
  );
}
