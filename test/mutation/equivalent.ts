/** A mutant that no test can kill: the program does the same with it. */
export interface Equivalent {
  /** Below `src/`. */
  readonly file: string;
  /** The source text that the mutant replaces, with each run of white space as one space. A last `…` cuts a long text. */
  readonly from: string;
  /** The text of the mutant, written like `from`. */
  readonly to: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "schema/method-table.ts",
    from: "batchRpc === undefined",
    to: "false",
    reason: "without the RPC, its commands are undefined, too",
  },
];
