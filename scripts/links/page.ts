export interface Link {
  readonly line: number;
  /** As it is written: `errors.md#codes`. */
  readonly target: string;
}

/** The links and images of a page in Markdown. Code has none. */
export function linksOf(text: string): Link[] {
  const prose = withoutFences(text).replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[^\n]/g, " "));
  const links = prose.matchAll(/\]\(([^()\s]*)(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/gm);
  return [...links].map(({ index, 1: inline, 2: definition }) => ({
    line: prose.slice(0, index).split("\n").length,
    target: inline ?? definition ?? "",
  }));
}

/** The anchors that GitHub gives to the headings of a page. A heading that comes again gets a number. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of withoutFences(text).matchAll(/^#{1,6} +(.*?)[ #]*$/gm)) {
    const anchor = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The page with an empty line for each line of a code block, so that the others keep their numbers. */
function withoutFences(text: string): string {
  return text.replaceAll(/^ *(```+).*?^ *\1/gms, (block) => block.replaceAll(/[^\n]/g, ""));
}
