// Part of `npm run check`: each sentence of comments and pages, and each test name, begins with a named subject.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { unnamedSubjects } from "./words/unnamed-subjects.ts";

const files = execFileSync("git", ["ls-files", "*.ts", "*.md", "llms.txt", "*.proto"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith("gen/"));
let count = 0;
for (const file of files) {
  const found = unnamedSubjects(file, readFileSync(file, "utf8"));
  for (const { line, text } of found) console.error(`${file}:${line}: ${text}`);
  count += found.length;
}
if (count > 0) {
  console.error(`${count} sentences or test names without a named subject. Say who or what does it.`);
  process.exitCode = 1;
} else {
  console.log(`Each sentence and each test name in ${files.length} files begins with a named subject.`);
}
