import { expectOptions, optionChecks } from "../../options/option-checks.ts";
import { refusal } from "../refusal.ts";
import type { OutboxOptions } from "./outbox-options.ts";
import { expectGiven, outboxChecks } from "./outbox-options.ts";
import { quoteTable } from "./sql-identifier.ts";

const checks = optionChecks<OutboxOptions>(outboxChecks);

/**
 * Makes the statement that creates an outbox table with the columns that Centrifugo reads.
 *
 * @param options the options of `outboxInsert`; only `table` counts here
 * @throws CentRequestError for a bad name
 */
export function outboxTable(options: Pick<OutboxOptions, "table"> & Partial<OutboxOptions>): string {
  try {
    expectOptions(options, checks);
    expectGiven(options, "table");
  } catch (error) {
    throw refusal(error, undefined, "outboxTable");
  }
  return `create table if not exists ${quoteTable(options.table)} (
  id bigserial primary key,
  method text not null,
  payload jsonb not null,
  partition integer not null default 0,
  created_at timestamptz not null default now()
)`;
}
