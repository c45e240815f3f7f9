import type { Row } from "./row.ts";
import type { Setting } from "./setting.ts";

/** The result of a row: the things that ran, or its failure. */
export interface Outcome {
  readonly row: Row;
  readonly ran?: string;
  readonly failure?: string;
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
      const { ran, failure } = outcome;
      report(ran === undefined ? `FAILED  ${row.name}\n${failure}` : `ok      ${row.name}: ${ran}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}

async function runRow(row: Row, setting: Setting): Promise<Outcome> {
  try {
    return { row, ran: await row.run(setting) };
  } catch (error) {
    return { row, failure: error instanceof Error ? error.message : String(error) };
  }
}
