// Writes bar charts: horizontal bars in the reader's fonts on a transparent background.
import type { Report, WorkloadReport } from "./report.ts";

/** The workloads in the chart, two in a row. */
const drawn = ["one", "in-flight-64", "bulk", "batch", "broadcast", "history"];
const column = 430;
const labelWidth = 192;
const valueWidth = 72;
const rowHeight = 22;
const barHeight = 13;
const headHeight = 42;

/** The colors are light unless the reader prefers dark, the only sign of a theme that an image in a README gets. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 13px; }
  .note { fill: #59636e; }
  .own { fill: #0969da; }
  .other { fill: #afb8c1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note { fill: #9198a1; }
    .own { fill: #4493f8; }
    .other { fill: #656c76; }
  }
`;

/** An SVG of the times. tscent's bars have a color of their own. */
export function chart({ workloads, server, machine, date }: Report): string {
  const panels = drawn.flatMap((id) => workloads.find((workload) => workload.id === id) ?? []);
  const parts: string[] = [];
  let top = 0;
  for (let first = 0; first < panels.length; first += 2) {
    const row = panels.slice(first, first + 2);
    for (const [place, workload] of row.entries()) parts.push(panel(workload, place * column, top));
    top += Math.max(...row.map(({ contenders }) => headHeight + contenders.length * rowHeight)) + 14;
  }
  const width = 2 * column;
  const height = top + 20;
  const note = `Less is better. Against ${server} on the same machine, ${machine.cpu}, ${date}.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>What a publish costs with tscent and with others</title>`,
    `<style>${style}</style>`,
    ...parts,
    text(0, height - 8, note, "note"),
    "</svg>\n",
  ].join("\n");
}

function panel({ title, unit, contenders }: WorkloadReport, left: number, top: number): string {
  const sorted = [...contenders].sort((a, b) => a.time.median - b.time.median);
  const longest = sorted.at(-1)?.time.median ?? 1;
  const barWidth = column - labelWidth - valueWidth;
  const rows = sorted.map(({ name, time }, index) => {
    const y = top + headHeight + index * rowHeight;
    const width = Math.max(1, (time.median / longest) * barWidth);
    const kind = name.startsWith("tscent") ? "own" : "other";
    return [
      text(left + labelWidth - 8, y + 11, name, "", "end"),
      `<rect class="${kind}" x="${left + labelWidth}" y="${y}" width="${width.toFixed(1)}" height="${barHeight}" rx="2"/>`,
      text(left + labelWidth + width + 6, y + 11, microseconds(time.median)),
    ].join("\n");
  });
  const heading = text(left + labelWidth, top + 16, title, "title");
  return [heading, text(left + labelWidth, top + 32, `µs per ${unit}`, "note"), ...rows].join("\n");
}

function microseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function text(x: number, y: number, content: string, kind = "", anchor = "start"): string {
  const classes = kind === "" ? "" : ` class="${kind}"`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${classes}${anchored}>${escaped}</text>`;
}
