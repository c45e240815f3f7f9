// Part of `npm run check`: finds links to files and headings that do not exist, and pages to which nothing leads.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { deadDocLinks, deadLinks, reachedFrom } from "./links/dead-links.ts";

/** The files of the repository. Files that git ignores, such as dist/, are not there for a reader. */
const listed = (...patterns: string[]) =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], {
    encoding: "utf8",
  })
    .split("\n")
    .filter(Boolean);
const files = listed();
const exists = (path: string) => files.some((file) => file === path || file.startsWith(`${path}/`));
const pages = new Map(listed("*.md", "llms.txt").map((page) => [page, readFileSync(page, "utf8")]));
const guides = listed("docs/*.md", "examples/README.md");

const faults = deadLinks(pages, exists).map((link) => `${link} does not exist`);
for (const source of listed("src/*.ts"))
  for (const name of deadDocLinks(readFileSync(source, "utf8")))
    faults.push(`${source} has no ${name} for its {@link ${name}}`);
// A reader of the README finds each guide on a page that it links, at the latest.
for (const [start, steps] of [
  ["README.md", 2],
  ["llms.txt", 1],
] as const) {
  const reached = reachedFrom(start, pages, steps);
  for (const guide of guides) if (!reached.has(guide)) faults.push(`${start} does not lead to ${guide}`);
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`No link in ${pages.size} pages is dead.`);
