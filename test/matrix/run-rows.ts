import type { Row } from "./row.ts";
import { SkippedRow } from "./row.ts";
import type { Setting } from "./setting.ts";

/** The result of a row: the things that ran, its failure, or the reason for which it did not run. */
export interface Outcome {
  readonly row: Row;
  readonly ran?: string;
  readonly failure?: string;
  readonly skipped?: string;
}

/** Runs rows, a few at a time, and reports each as soon as it is over. Gives the outcomes in the order of the rows. */
export async function runRows(
  rows: readonly Row[],
  setting: Setting,
  jobs: number,
  report: (line: string) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = rows.entries();
  const work = async () => {
    for (const [index, row] of waiting) {
      const outcome = await runRow(row, setting);
      outcomes[index] = outcome;
      report(lineOf(outcome));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}

async function runRow(row: Row, setting: Setting): Promise<Outcome> {
  try {
    return { row, ran: await row.run(setting) };
  } catch (error) {
    if (error instanceof SkippedRow) return { row, skipped: error.message };
    return { row, failure: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf({ row, ran, failure, skipped }: Outcome): string {
  if (skipped !== undefined) return `SKIPPED ${row.name}: ${skipped}`;
  return failure === undefined ? `ok      ${row.name}: ${ran}` : `FAILED  ${row.name}\n${failure}`;
}
