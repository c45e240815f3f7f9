import type { Verdict } from "./judge.ts";

/** One run in the table. */
export interface Row extends Verdict {
  readonly scenario: string;
  readonly transport: string;
  readonly mode: string;
  /** How often harm was done. */
  readonly harms: number;
}

const columns: readonly (readonly [title: string, width: number, value: (row: Row) => string | number])[] = [
  ["scenario", -15, ({ scenario }) => scenario],
  ["transport", -9, ({ transport }) => transport],
  ["mode", -8, ({ mode }) => mode],
  ["harms", 5, ({ harms }) => harms],
  ["calls", 8, ({ calls }) => calls],
  ["succeeded", 9, ({ succeeded }) => succeeded],
  ["failed (maybe/not executed)", 27, failures],
  ["duplicates", 10, ({ duplicates }) => duplicates],
  ["lost", 5, ({ lost }) => lost],
  ["wrong", 5, ({ wrong }) => wrong],
  ["late ms", 7, ({ worstLatenessMs }) => worstLatenessMs.toFixed(0)],
  ["", 6, ({ broken }) => (broken.length === 0 ? "kept" : "BROKEN")],
];

function failures({ calls, succeeded, maybeExecuted, notExecuted }: Row): string {
  return `${calls - succeeded} (${maybeExecuted}/${notExecuted})`;
}

export const tableHead = line(columns.map(([title]) => title));

/** One run as a line. */
export function tableRow(row: Row): string {
  return line(columns.map(([, , value]) => value(row)));
}

function line(cells: readonly (string | number)[]): string {
  const padded = columns.map(([, width], index) => {
    const text = String(cells[index] ?? "");
    return width < 0 ? text.padEnd(-width) : text.padStart(width);
  });
  return padded.join("  ").trimEnd();
}
