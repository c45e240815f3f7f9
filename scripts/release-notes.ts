// `node scripts/release-notes.ts v1.2.3` prints the notes of a release. It fails if the tag, package.json and CHANGELOG.md differ.
import { readFileSync } from "node:fs";
import { releaseNotes } from "./release/release-notes.ts";

const [tag = ""] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
process.stdout.write(releaseNotes(tag, version, readFileSync("CHANGELOG.md", "utf8")));
