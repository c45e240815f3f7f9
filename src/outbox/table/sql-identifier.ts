import type { OptionCheck } from "../../options/option-checks.ts";
import { shown } from "../../options/option-checks.ts";

/** PostgreSQL cuts longer names without an error, so another table could be meant. */
const mostBytes = 63;
const encoder = new TextEncoder();

const isName = (name: string) =>
  name !== "" && !name.includes("\0") && name.isWellFormed() && encoder.encode(name).length <= mostBytes;

/** The check of a table's name, alone or behind the name of its schema and a dot. */
export const tableName: OptionCheck = shown(
  (value) =>
    (typeof value === "string" && value.split(".").length <= 2 && value.split(".").every(isName)) ||
    `the name of a table, as in "outbox" or "schema.outbox", each name with 1 to ${mostBytes} bytes`,
);

/** The check of the name of a NOTIFY channel. */
export const notifyChannel: OptionCheck = shown(
  (value) => (typeof value === "string" && isName(value)) || `a name with 1 to ${mostBytes} bytes`,
);

/** A table's name in double quotes, so that PostgreSQL takes each character as it is. */
export function quoteTable(table: string): string {
  return table
    .split(".")
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join(".");
}
