import type { Row } from "./row.ts";
import { bunAndDenoRows } from "./rows/bun-and-deno.ts";
import { bundlerRows } from "./rows/bundlers.ts";
import { nodeRows } from "./rows/node.ts";
import { typescriptRows } from "./rows/typescript.ts";
import { workerdRow } from "./rows/workerd.ts";

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [
  ...nodeRows,
  ...bunAndDenoRows,
  workerdRow,
  ...typescriptRows,
  ...bundlerRows,
];
