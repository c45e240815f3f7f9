import type { Goal, Standing } from "../goals.ts";
import type { ContenderReport, Report, WorkloadReport } from "./report.ts";
import { baseline } from "./report.ts";
import type { Spread } from "./spread.ts";

/** The report as Markdown: the goals first, then each workload. */
export function tables(report: Report): string {
  const { machine, server, date, quick } = report;
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const leftOut = report.leftOut.map(({ name, reason }) => `Left out: ${name}: ${reason}.`);
  return [
    `Against ${server}, in a process of its own on the same machine: ${machine.cpu}, ${machine.cores} CPUs, ${machine.system}. ${date}.`,
    `${versions.join(", ")}.`,
    ...(quick ? ["A smoke run: these figures say nothing."] : []),
    ...leftOut,
    goalTable(report.goals),
    ...report.workloads.map(workloadTable),
    "Times are medians of rounds in turns, with the least and the most; ratios are medians of the ratios within a round. CPU is that of the client's process, all threads; kB are those allocated.",
  ].join("\n\n");
}

function goalTable(goals: readonly Standing[]): string {
  const rows = goals.map((goal) => [
    goal.title,
    `at most ${amount(goal.atMost)} ${goal.against}`,
    goal.figure === undefined ? "not measured" : figureOf(goal.figure, "added" in goal.atMost),
    goal.met === undefined ? "" : goal.met ? "met" : "**not met**",
  ]);
  return markdown(["goal", "", "measured", ""], rows);
}

function amount(atMost: Goal["atMost"]): string {
  return "times" in atMost ? `${atMost.times} x` : `${atMost.added} µs more than`;
}

function figureOf({ median, min, max }: Spread, added: boolean): string {
  const show = added ? (value: number) => value.toFixed(1) : (value: number) => value.toFixed(2);
  return `${show(median)} ${added ? "µs" : "x"} (${show(min)} to ${show(max)})`;
}

function workloadTable({ title, unit, count, rounds, contenders }: WorkloadReport): string {
  const rows = contenders.map(({ name, time, cpu, allocated, ratio }: ContenderReport) => [
    name,
    round(time.median),
    `${round(time.min)} to ${round(time.max)}`,
    round(cpu.median),
    allocated === undefined ? "" : (allocated / 1024).toFixed(1),
    ratio === undefined ? "" : `${ratio.median.toFixed(2)} x`,
  ]);
  const head = [`${title}`, `µs per ${unit}`, "min to max", "CPU µs", "kB", `against ${baseline}`];
  return `${markdown(head, rows)}\n\n${rounds} rounds of ${count}.`;
}

/** Three digits for small figures, all digits for large ones. */
export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A Markdown table. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
