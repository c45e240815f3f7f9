import { shown } from "./judge.ts";
import type { Verdict } from "./try-fault.ts";

const columns: readonly (readonly [title: string, width: number, value: (verdict: Verdict) => string])[] = [
  ["", -4, ({ fault }) => fault.protocol],
  ["fault", -72, ({ fault }) => fault.title],
  ["call", -7, ({ method }) => method],
  ["end", -46, ({ report }) => [...new Set(report.ends.map(shown))].join(", ")],
  ["ms", 6, ({ report }) => Math.max(0, ...report.ends.map(({ ms }) => ms)).toFixed(0)],
  ["late", 5, ({ report }) => Math.max(0, report.lateMs).toFixed(0)],
  ["MB", 4, ({ report, fault }) => (fault.isFlood ? report.grownMb.toFixed(0) : "")],
  ["", -6, ({ complaints }) => (complaints.length === 0 ? "kept" : "BROKEN")],
];

export const tableHead = line(columns.map(([title]) => title));

/** One call as a line. */
export function tableRow(verdict: Verdict): string {
  return line(columns.map(([, , value]) => value(verdict)));
}

function line(cells: readonly string[]): string {
  const padded = columns.map(([, width], index) => {
    const text = cells[index] ?? "";
    return width < 0 ? text.padEnd(-width) : text.padStart(width);
  });
  return padded.join("  ").trimEnd();
}
