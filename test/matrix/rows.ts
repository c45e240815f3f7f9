import type { Row } from "./row.ts";
import { bullmqRow } from "./rows/bullmq.ts";
import { bunAndDenoRows } from "./rows/bun-and-deno.ts";
import { bundlerRows } from "./rows/bundlers.ts";
import { lambdaRow } from "./rows/lambda.ts";
import { nestRows } from "./rows/nestjs.ts";
import { nextRow } from "./rows/nextjs.ts";
import { nodeRows } from "./rows/node.ts";
import { testFrameworkRows } from "./rows/test-frameworks.ts";
import { typescriptRows } from "./rows/typescript.ts";
import { typescriptRunnerRows } from "./rows/typescript-runners.ts";
import { webFrameworkRows } from "./rows/web-frameworks.ts";
import { workerdRow } from "./rows/workerd.ts";

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [
  ...nodeRows,
  ...bunAndDenoRows,
  workerdRow,
  ...typescriptRows,
  ...bundlerRows,
  ...testFrameworkRows,
  ...typescriptRunnerRows,
  ...webFrameworkRows,
  ...nestRows,
  nextRow,
  lambdaRow,
  bullmqRow,
];
