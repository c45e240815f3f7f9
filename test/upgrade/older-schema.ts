/** Where a declaration is in a schema: its first line, that of the comment above it, and its last one. */
function find(lines: readonly string[], declaration: string, from = 0) {
  const at = lines.findIndex((line, index) => index >= from && line.trimStart().startsWith(declaration));
  if (at === -1) throw new Error(`the schema has no ${declaration}`);
  let start = at;
  while (lines[start - 1]?.trimStart().startsWith("//")) start--;
  let end = at;
  if (lines[at]?.endsWith("{")) while (lines[end] !== "}") end++;
  return { start, at, end };
}

/** A schema without some elements, and without the comments above them. */
export function withoutElements(schema: string, ...declarations: string[]): string {
  return declarations.reduce((text, declaration) => {
    const lines = text.split("\n");
    const { start, end } = find(lines, declaration);
    // The empty line above it goes, too.
    const first = lines[start - 1] === "" ? start - 1 : start;
    return [...lines.slice(0, first), ...lines.slice(end + 1)].join("\n");
  }, schema);
}

/** A schema in which some elements, by message and declaration, have a mark in place of their comment. */
export function withMarks(
  schema: string,
  marks: readonly (readonly [message: string, declaration: string, name: string])[],
): string {
  return marks.reduce((text, [message, declaration, name]) => {
    const lines = text.split("\n");
    const { at: from } = find(lines, message);
    const { start, at } = find(lines, declaration, from);
    const indent = /^ */.exec(lines[at] ?? "")?.[0];
    const mark = `${indent}// To be written: \`${name}\`.`;
    return [...lines.slice(0, start), mark, ...lines.slice(at)].join("\n");
  }, schema);
}

/** A schema as upstream might have it: no comments, other indentation and spacing, a Go package. */
export function asUpstream(schema: string): string {
  const bare = schema
    .replaceAll(/^\s*\/\/.*\n/gm, "")
    .replaceAll(/^ {2}/gm, "    ")
    .replaceAll(/ = (\d+);/g, "  =  $1 ;")
    .replaceAll(/^( +rpc \w+)\(/gm, "$1 (")
    .replace(/^(package .*)$/m, '$1\noption go_package = "./;apiproto";')
    .replaceAll("reserved 1 to 3;", "reserved 1,2,3;")
    .replaceAll(/\n{2,}(?= )/g, "\n");
  return bare;
}

/** What today's schema has and an older release has not: a method, and a field. */
export const newSinceOlder = [
  "rpc MapStats(",
  "message MapStatsRequest {",
  "message MapStatsResponse {",
  "message MapStatsResult {",
  "MapStatsRequest map_stats = 40;",
  "MapStatsResult map_stats = 40;",
  "string version_epoch = 9;",
] as const;
