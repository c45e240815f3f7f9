import { readFileSync, writeFileSync } from "node:fs";
import type { Outcome } from "./run-rows.ts";

const page = "docs/runtimes.md";
/** Everything from here to the next empty line is the table. */
const head = "| where | what ran |\n| --- | --- |\n";

/** The lines of the page's table, by the names of their rows. */
export function writtenRows(text = readFileSync(page, "utf8")): ReadonlyMap<string, string> {
  const [, table = ""] = text.split(head);
  const lines = table.slice(0, table.search(/^(?!\|)/m)).trim().split("\n");
  return new Map(lines.map((line) => [line.split("|")[1]?.trim() ?? "", line]));
}

/** Writes the outcomes into the page's table. Rows that did not run keep their lines. */
export function writeTable(outcomes: readonly Outcome[], names = outcomes.map(({ row }) => row.name)): void {
  const text = readFileSync(page, "utf8");
  const lines = new Map(writtenRows(text));
  for (const { row, ran } of outcomes) lines.set(row.name, `| ${row.name} | ${ran} |`);
  const [before = "", after = ""] = text.split(head);
  const rest = after.slice(after.search(/^(?!\|)/m));
  writeFileSync(page, `${before}${head}${names.map((name) => `${lines.get(name)}\n`).join("")}${rest}`);
}
