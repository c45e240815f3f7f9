/** A query for `client.query` of `pg`, or for any driver that takes a text with `$1`, `$2` … and their values. */
export interface SqlQuery {
  /** One SQL statement, with `$1`, `$2` … in the places of the values. */
  readonly text: string;
  /** The values of `$1`, `$2` …, in this order. */
  readonly values: SqlValue[];
}

/** A value of a query, which every driver takes. JSON and integers of 64 bits are strings. */
export type SqlValue = string | number | boolean | Uint8Array;
