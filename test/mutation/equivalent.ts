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
  {
    file: "errors/hide-secret.ts",
    from: "secret.length - 1",
    to: "secret.length + 1",
    reason: "longer beginnings are the whole secret, which is gone by then",
  },
  {
    file: "errors/hide-secret.ts",
    from: "authorization === this.#latest",
    to: "false",
    reason: "adding or looking up the latest key again only takes time",
  },
  {
    file: "errors/hide-secret.ts",
    from: "oldest !== undefined",
    to: "true",
    reason: "the type alone needs the check: a set of more than ten has a first value",
  },
  {
    file: "errors/map-error.ts",
    from: "failure?.cause",
    to: "failure.cause",
    reason: "only a failure has the kind interceptor",
  },
  {
    file: "errors/map-error.ts",
    from: "failure?.field",
    to: "failure.field",
    reason: "only a failure has the kind request",
  },
  {
    file: "errors/map-error.ts",
    from: '"status"',
    to: '""',
    reason: "the kind is only compared with the other kinds",
  },
  {
    file: "errors/maybe-executed.ts",
    from: "httpStatus < 400",
    to: "httpStatus <= 400",
    reason: "400 is also among the refusing statuses",
  },
];
