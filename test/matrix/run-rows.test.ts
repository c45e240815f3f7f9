import { expect, test } from "vitest";
import type { Row } from "./row.ts";
import { SkippedRow } from "./row.ts";
import { runRows } from "./run-rows.ts";
import type { Setting } from "./setting.ts";

const server = { httpUrl: "", grpcUrl: "", apiKey: "" };
const setting: Setting = { tarball: "", cache: "", entries: [], server };

const row = (name: string, run: Row["run"]): Row => ({ group: "group", name, run });
const fine = row("fine", async () => "1.0.0: HTTP");
const broken = row("broken", async () => {
  throw new Error("npm test: exit code 1\nexpected 1, got 2");
});

test("the runner shows the output of a failed row, and runs the others", async () => {
  const lines: string[] = [];
  const outcomes = await runRows([broken, fine], setting, 1, (line) => lines.push(line));
  const failure = "npm test: exit code 1\nexpected 1, got 2";
  expect(outcomes).toEqual([
    { row: broken, failure },
    { row: fine, ran: "1.0.0: HTTP" },
  ]);
  expect(lines).toEqual([`FAILED  broken\n${failure}`, "ok      fine: 1.0.0: HTTP"]);
});

test("the runner says which rows it skips, and why", async () => {
  const lines: string[] = [];
  const skipped = row("queue", async () => {
    throw new SkippedRow("no redis-server");
  });
  const outcomes = await runRows([skipped], setting, 1, (line) => lines.push(line));
  expect(outcomes).toEqual([{ row: skipped, skipped: "no redis-server" }]);
  expect(lines).toEqual(["SKIPPED queue: no redis-server"]);
});

test("the runner keeps the order of the rows when a later one ends first", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = row("slow", () => promise);
  const fast = row("fast", async () => {
    resolve("slow");
    return "fast";
  });
  const outcomes = await runRows([slow, fast], setting, 2, () => {});
  expect(outcomes.map(({ ran }) => ran)).toEqual(["slow", "fast"]);
});
