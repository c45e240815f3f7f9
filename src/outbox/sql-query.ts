/** A query for `client.query` of `pg`, or for any driver that takes a text with `$1`, `$2` … and their values. */
export interface SqlQuery {
  readonly text: string;
  /** Strings, numbers, booleans and bytes. */
  readonly values: unknown[];
}
