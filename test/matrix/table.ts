import type { Outcome } from "./run-rows.ts";

/** The page with the table of all rows. */
export const page = "docs/runtimes.md";
const head = "| where | what ran |\n| --- | --- |\n";
/** The README's table has a line for each group of rows. */
const summaryHead = "| | where the package is tried |\n| --- | --- |\n";

/** Everything from a head to the first line that is no row is a table. */
function cut(text: string, head: string): [before: string, table: string, after: string] {
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`there is no table with the head ${head}`);
  const rest = text.slice(start + head.length);
  const end = rest.search(/^(?!\|)/m);
  return [text.slice(0, start + head.length), rest.slice(0, end), rest.slice(end)];
}

/** The lines of the page's table, by the names of their rows. */
export function rowsOf(text: string): ReadonlyMap<string, string> {
  const lines = cut(text, head)[1].split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.split("|")[1]?.trim() ?? "", line]));
}

/**
 * The page with the outcomes in its table. Rows that did not run, or were skipped, keep their lines.
 *
 * @param names the names of all rows, in the order of the table
 */
export function withRows(text: string, outcomes: readonly Outcome[], names: readonly string[]): string {
  const [before, , after] = cut(text, head);
  const lines = new Map(rowsOf(text));
  for (const { row, ran } of outcomes) if (ran !== undefined) lines.set(row.name, `| ${row.name} | ${ran} |`);
  const table = names.map((name) => {
    const line = lines.get(name);
    if (line === undefined) throw new Error(`run the row ${name}, too: ${page} does not have it`);
    return `${line}\n`;
  });
  return before + table.join("") + after;
}

/** The README with the names and versions of the page's table: `| tests | ts-jest 29.4.15, … |`. */
export function withSummary(
  readme: string,
  text: string,
  rows: readonly { readonly group: string; readonly name: string }[],
): string {
  const [before, , after] = cut(readme, summaryHead);
  const lines = rowsOf(text);
  const shown = ({ name }: { readonly name: string }) => {
    const [, version = ""] = /^\|[^|]*\| ([\d.]*):/.exec(lines.get(name) ?? "") ?? [];
    // The particulars of a row, as in `Express (CommonJS)`, `esbuild --format=cjs` or `Node.js 24`.
    return `${name.replace(/ (?:\(|--|\d).*/, "")} ${version}`.trim();
  };
  const groups = [...Map.groupBy(rows, ({ group }) => group)];
  const table = groups.map(
    ([group, members]) => `| ${group} | ${[...new Set(members.map(shown))].join(", ")} |\n`,
  );
  return before + table.join("") + after;
}
