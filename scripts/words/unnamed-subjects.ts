// Finds sentences of comments and pages that begin without a named subject, and test names that say nothing without the
// line above them.

export interface Found {
  readonly line: number;
  readonly text: string;
}

const noSubject =
  /^(?:Those|What(?:ever)?|Who(?:ever|se)?|Which(?:ever)?|Nobody|That (?:of|which)|Of (?:where|which|those|what|these)|Likewise)\b/;
/** The first words of a comment that only the code around it explains, as in `Not awaited: a generator may wait.` */
const noSubjectAtFirst = /^(?:Not|Without|First of all)\b/;
const noSubjectInName =
  /^(?:and|are|but|can|cannot|could|do|does|had|has|have|is|it|its|may|must|of|or|that|them|they|those|to|was|were|what|whatever|which|who|whoever|whose)\b/i;

/** The sentences and test names of a file that do not say who or what does it. */
export function unnamedSubjects(file: string, text: string): Found[] {
  if (/\.md$|\.txt$/.test(file)) return unnamed(prose(text));
  const inComments = comments(text);
  return [
    ...unnamed(inComments),
    ...riddles(inComments),
    ...(file.startsWith("test/") ? testNames(text) : []),
  ];
}

/** The sentences without a subject. A question may begin as it likes. */
function unnamed(lines: readonly string[]): Found[] {
  return sentences(lines).filter(({ text }) => noSubject.test(text) && !text.endsWith("?"));
}

/** The comments whose first sentence has no subject. */
function riddles(lines: readonly string[]): Found[] {
  const isFirst = (line: number) => {
    const [before = "", first = ""] = ["", ...lines].slice(line - 1);
    return before.trim() === "" && noSubjectAtFirst.test(first.trim());
  };
  return sentences(lines).filter(({ line, text }) => noSubjectAtFirst.test(text) && isFirst(line));
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
