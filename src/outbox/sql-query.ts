/** A query for `client.query` of `pg`, or for any driver that takes a text with `$1`, `$2` … and their values. */
export interface SqlQuery {
  /** One SQL statement, with `$1`, `$2` … in the places of the values. */
  readonly text: string;
  /** Strings, numbers, booleans and bytes. */
  readonly values: unknown[];
}
