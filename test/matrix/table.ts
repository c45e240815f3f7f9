import { readFileSync } from "node:fs";
import type { Outcome } from "./run-rows.ts";

/** The page with the table. */
export const page = "docs/runtimes.md";

/** Everything from here to the first line that is no row is the table. */
const head = "| where | what ran |\n| --- | --- |\n";

function cut(text: string): [before: string, table: string, after: string] {
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`${page} has no table with the columns "where" and "what ran"`);
  const rest = text.slice(start + head.length);
  const end = rest.search(/^(?!\|)/m);
  return [text.slice(0, start + head.length), rest.slice(0, end), rest.slice(end)];
}

/** The lines of the page's table, by the names of their rows. */
export function rowsOf(text = readFileSync(page, "utf8")): ReadonlyMap<string, string> {
  const lines = cut(text)[1].split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.split("|")[1]?.trim() ?? "", line]));
}

/**
 * The page with the outcomes in its table. Rows that did not run keep their lines.
 *
 * @param names the names of all rows, in the order of the table
 */
export function withRows(text: string, outcomes: readonly Outcome[], names: readonly string[]): string {
  const [before, , after] = cut(text);
  const lines = new Map(rowsOf(text));
  for (const { row, ran } of outcomes) lines.set(row.name, `| ${row.name} | ${ran} |`);
  const table = names.map((name) => {
    const line = lines.get(name);
    if (line === undefined) throw new Error(`run the row ${name}, too: ${page} does not have it`);
    return `${line}\n`;
  });
  return before + table.join("") + after;
}
