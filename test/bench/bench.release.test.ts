import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cost } from "../../bench/cost.ts";
import { goals, standings } from "../../bench/goals.ts";
import type { Report } from "../../bench/report/report.ts";
import { paired, spread } from "../../bench/report/spread.ts";

const run = promisify(execFile);
const results = mkdtempSync(join(tmpdir(), "bench-"));
afterAll(() => rmSync(results, { recursive: true, force: true }));

const node = (...args: string[]) =>
  run(process.execPath, ["--conditions=tscent-source", ...args], {
    // There is no Python at this path, so pycent is left out on every machine.
    env: { ...process.env, CENT_PYTHON: join(results, "no-python") },
  });

describe("npm run bench, a smoke run against the embedded server", () => {
  let printed = "";
  let report: Report;
  const written = (name: string) => readFileSync(join(results, name), "utf8");

  beforeAll(async () => {
    const ran = await node("bench/run.ts", "--quick", "--embedded", `--out=${results}`);
    printed = ran.stdout;
    report = JSON.parse(written("latest.json")) as Report;
  }, 120_000);

  test("the bench names its server, and says why a contender is left out", () => {
    expect(printed).toMatch(/^Against the embedded server/);
    expect(printed).toMatch(/^Left out: pycent: .*pip install cent.*CENT_PYTHON/m);
  });

  test("the report has a figure for each goal whose contenders are there", () => {
    const absent = new Set(report.leftOut.map(({ name }) => name));
    expect(report.goals).toHaveLength(goals.length);
    for (const { title, contender, against, figure } of report.goals) {
      const measured = figure !== undefined && Number.isFinite(figure.median);
      expect(measured, title).toBe(!absent.has(contender) && !absent.has(against));
    }
  });

  test("the report has the time, the CPU and the memory of every contender in every workload", () => {
    expect(report.workloads.map(({ contenders }) => contenders.length > 1)).toEqual(Array(7).fill(true));
    for (const { title, contenders } of report.workloads) {
      for (const { name, time, cpu, allocated } of contenders) {
        expect(time.median, `${title}: ${name}`).toBeGreaterThan(0);
        expect(cpu.median, `${title}: ${name}`).toBeGreaterThan(0);
        expect(allocated, `${title}: ${name}`).toBeTypeOf("number");
      }
    }
  });

  test("the bench writes a table with the machine, the version and the date, and a chart of every contender", () => {
    const table = written("table.md");
    const chart = written("chart.svg");
    expect(printed).toContain(table.trim());
    for (const fact of [report.date, report.machine.cpu, `node ${process.versions.node}`]) {
      expect(table).toContain(fact);
    }
    expect(chart.startsWith("<svg ") && chart.endsWith("</svg>\n")).toBe(true);
    expect(chart).toContain("prefers-color-scheme: dark");
    for (const { name } of report.workloads[0]?.contenders ?? []) expect(chart).toContain(`>${name}</text>`);
  });
});

describe("npm run soak", () => {
  const soak = (bound: number) =>
    node("bench/soak.ts", "--embedded", "--publishes=500", "--many=500", `--bound=${bound}`).catch(
      (failed: { code: number; stdout: string }) => failed,
    );

  test("the soak run prints the heap of each transport from start to end", { timeout: 60_000 }, async () => {
    const ended = await soak(100);
    for (const transport of ["HTTP", "gRPC", "publishMany"]) {
      for (const publishes of [0, 125, 250, 375, 500]) {
        expect(ended.stdout).toMatch(
          new RegExp(`^${transport}: ${publishes} publishes, .* MB of heap, \\d+ MB resident`, "m"),
        );
      }
      expect(ended.stdout).toMatch(new RegExp(`^${transport}: grew by .*as it should be`, "m"));
    }
    expect(ended).not.toHaveProperty("code");
  });

  test("the soak run fails if a heap grows beyond the bound", { timeout: 60_000 }, async () => {
    const ended = await soak(-100);
    expect(ended.stdout).toMatch(/^gRPC: grew by .*TOO MUCH/m);
    expect(ended).toHaveProperty("code", 1);
  });
});

describe("docs/speed.md", () => {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const page = read("docs/speed.md");
  const results = read("bench/results/table.md");

  test("docs/speed.md shows the goals of the run whose results are in bench/results", () => {
    const tableIn = (text: string) => text.match(/^\| goal \|.*?(?=\n\n)/ms)?.[0];
    expect(tableIn(page)?.split("\n")).toHaveLength(2 + goals.length);
    expect(tableIn(page)).toBe(tableIn(results));
  });

  test("docs/speed.md names the day of that run", () => {
    expect(page).toContain(`run of ${/\d{4}-\d\d-\d\d/.exec(results)?.[0]}`);
  });

  test("docs/speed.md shows the times of publishing of that run", () => {
    const cellsOf = (line: string) => line.split("|").map((cell) => cell.trim());
    const timesOf = (workload: string) => {
      const [, table = ""] = results.split(`| ${workload} | µs per publish |`);
      const rows = table.split("\n\n")[0]?.split("\n").map(cellsOf) ?? [];
      return new Map(rows.map(([, name = "", time = ""]) => [name, time]));
    };
    const workloads = ["publish, one at a time", "publish, 64 in flight", "10,000 publishes at once"].map(
      timesOf,
    );
    const [, shown = ""] = page.split("| client | one at a time | 64 in flight | 10,000 at once |\n");
    const rows = shown.split("\n\n")[0]?.split("\n").slice(1).map(cellsOf) ?? [];
    expect(rows.length).toBeGreaterThan(8);
    for (const [, name = "", ...times] of rows)
      expect([name, ...times.slice(0, 3)]).toEqual([name, ...workloads.map((of) => of.get(name) ?? "")]);
  });
});

describe("figures", () => {
  test("a figure is the median, with the minimum and the maximum", () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
    expect(spread([4, 1, 3, 9])).toEqual({ median: 3.5, min: 1, max: 9 });
  });

  test("two contenders are compared within each round", () => {
    const ratio = paired([10, 200, 31], [10, 100, 10], (one, other) => one / other);
    expect(ratio).toEqual({ median: 2, min: 1, max: 3.1 });
  });

  test("a goal is met or missed, and undefined where its contenders were not measured", () => {
    const costs = (...times: number[]): Cost[] => times.map((time) => ({ time, cpu: time }));
    const measured = new Map([
      [
        "in-flight-64",
        new Map([
          ["tscent HTTP", costs(12, 24)],
          ["tscent HTTP, an interceptor", costs(37.5, 50)],
          ["undici by hand", costs(10, 20)],
          ["cent.js", costs(40, 80)],
        ]),
      ],
    ]);
    const met = Object.fromEntries(
      standings(measured)
        .filter(({ contender }) => contender.startsWith("tscent HTTP"))
        .map(({ workload, contender, against, met }) => [`${workload}: ${contender} - ${against}`, met]),
    );
    expect(met).toMatchObject({
      "in-flight-64: tscent HTTP - undici by hand": true,
      "in-flight-64: tscent HTTP - cent.js": false,
      "in-flight-64: tscent HTTP, an interceptor - tscent HTTP": false,
    });
    expect(met["one: tscent HTTP - undici by hand"]).toBeUndefined();
  });
});
