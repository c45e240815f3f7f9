// Part of `npm run check`: finds sentences of comments and pages that begin without a named subject, and test names
// that say nothing without the line above them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Found {
  readonly line: number;
  readonly text: string;
}

const noSubject =
  /^(?:Those|What(?:ever)?|Who(?:ever|se)?|Which(?:ever)?|Nobody|That (?:of|which)|Of (?:where|which|those|what|these)|Likewise)\b/;
const noSubjectInName =
  /^(?:and|are|but|can|cannot|could|do|does|had|has|have|is|it|its|may|must|of|or|that|them|they|those|to|was|were|what|whatever|which|who|whoever|whose)\b/i;

const files = execFileSync("git", ["ls-files", "*.ts", "*.md", "llms.txt", "*.proto"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith("gen/"));
let count = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const found = /\.md$|\.txt$/.test(file)
    ? unnamed(prose(text))
    : [...unnamed(comments(text)), ...(file.startsWith("test/") ? testNames(text) : [])];
  for (const { line, text } of found) console.error(`${file}:${line}: ${text}`);
  count += found.length;
}
if (count > 0) {
  console.error(`${count} sentences or test names without a named subject. Say who or what does it.`);
  process.exitCode = 1;
} else {
  console.log(`Each sentence and each test name in ${files.length} files begins with a named subject.`);
}

/** The sentences without a subject. A question may begin as it likes. */
function unnamed(lines: readonly string[]): Found[] {
  return sentences(lines).filter(({ text }) => noSubject.test(text) && !text.endsWith("?"));
}

function testNames(text: string): Found[] {
  const calls = /^\s*(?:test|it|describe)\b[^"`\n]*\(\s*["`]([^"`]+)/gm;
  return [...text.matchAll(calls)]
    .filter(([, name = ""]) => noSubjectInName.test(name))
    .map(({ index, 1: name = "" }) => ({ line: text.slice(0, index).split("\n").length, text: name }));
}

/** The lines of a source, each reduced to the text of its comment. */
function comments(text: string): string[] {
  return text.split("\n").map((line) => {
    const [, comment = ""] = /(?:^|\s)(?:\/\/|\/\*\*?|\*(?=\s|$))\s?(.*?)(?:\*\/)?$/.exec(line) ?? [];
    return comment.replace(/^\s*@\w+(?: \w+)?/, "");
  });
}

/** The lines of a page, with code and headings left out. */
function prose(text: string): string[] {
  let isCode = false;
  return text.split("\n").map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isCode = !isCode;
    return isCode || isFence || line.startsWith("#") ? "" : line.replace(/^\s*(?:[-*]|\d+\.)\s+/, "|");
  });
}

/** Splits lines into sentences. An empty line, an item of a list and a cell of a table end one, too. */
function sentences(lines: readonly string[]): Found[] {
  const found: Found[] = [];
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") isOpen = false;
    for (const piece of line.split(/(?<=[.!?]\)?)\s+(?=[A-Z`"(])|(?=\|)/)) {
      const text = piece.replace(/^\|/, "").trim();
      if (text !== piece.trim()) isOpen = false;
      const last = found.at(-1);
      if (isOpen && last !== undefined) found.splice(-1, 1, { ...last, text: `${last.text} ${text}` });
      else if (text !== "") found.push({ line: index + 1, text });
      isOpen = text !== "" && !/[.!?]\)?$/.test(text);
    }
  }
  return found;
}
