// A string is matched only to be kept: slashes in it start no comment. A comment that has its line for itself takes the
// whole line away.
const commentOrString =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^[ \t]*\/\/[^\n]*(?:\n|$)|\/\/[^\n]*|\/\*.*?\*\//gms;

const isComment = (token: string) => token.trimStart().startsWith("/");

/** The text of a schema without its comments. */
export function cutComments(text: string): string {
  return text.replaceAll(commentOrString, (token) => {
    if (!isComment(token)) return token;
    // A block comment may stand between two words.
    return token.startsWith("/*") ? " " : "";
  });
}

/** The lines of all comments in a schema, without slashes and asterisks; empty ones are left out. */
export function commentLines(text: string): string[] {
  const comments = (text.match(commentOrString) ?? []).filter(isComment);
  return comments
    .flatMap((comment) => comment.split("\n"))
    .map((line) => line.replaceAll(/^\s*(?:\/\/|\/?\*+)|\*\/$/g, "").trim())
    .filter((line) => line !== "");
}

/** The package that a schema says it is of; undefined where it says none. */
export function packageOf(text: string): string | undefined {
  return /(?:^|[;}])\s*package\s+([\w.]+)\s*;/.exec(cutComments(text))?.[1];
}
