import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { PathError, runUnder } from "../../codec/path-error.ts";
import { expectOptions, optionChecks, shown } from "../../options/option-checks.ts";
import { checkedCommand } from "../checked-command.ts";
import { expectJsonb } from "../jsonb-text.ts";
import { methodIn, refusal } from "../refusal.ts";
import type { SqlQuery, SqlValue } from "../sql-query.ts";
import type { OutboxOptions } from "./outbox-options.ts";
import { expectGiven, outboxChecks } from "./outbox-options.ts";
import { partitionOf } from "./outbox-partition.ts";
import { quoteTable } from "./sql-identifier.ts";

/** Options of `outboxInsert`. */
export interface OutboxInsertOptions extends OutboxOptions {
  /**
   * The partition of all rows of this insert, from 0 to `partitions - 1`. Default: by the hash of each command's channel, or
   * of its user if it has no channel. A broadcast has many channels, so it needs this option if there is more than one
   * partition.
   */
  readonly partition?: number | undefined;
}

const checks = optionChecks<OutboxInsertOptions>({
  ...outboxChecks,
  partition: shown((value) => (Number.isSafeInteger(value) && Number(value) >= 0) || "an integer from 0"),
});

/** A query of PostgreSQL has at most 65,535 parameters. A row has three, and the NOTIFY channel is one. */
const mostRows = 21_844;

/**
 * Makes the query that inserts commands into an outbox table. Run it in the transaction of your own changes: a rollback removes
 * the commands as well.
 *
 * @param commands one command of `createCommand`, or several, which Centrifugo executes in this order within a partition
 * @throws CentRequestError naming the option, or the command and its field: a method that consumers skip, a broadcast without
 *   an idempotency key or a partition, a string that jsonb refuses
 */
export function outboxInsert(
  commands: ConsumerCommand | readonly ConsumerCommand[],
  options: OutboxInsertOptions,
): SqlQuery {
  checkOptions(options);
  const rows = Array.isArray(commands)
    ? commands.map((command, index) => row(command, options, `commands[${index}]`))
    : [row(commands as ConsumerCommand, options)];
  const values: SqlValue[] = rows.flat();
  const places = rows.map(
    (_, index) => `($${3 * index + 1}::text, $${3 * index + 2}::text::jsonb, $${3 * index + 3}::int)`,
  );
  const insert = `insert into ${quoteTable(options.table)} (method, payload, partition) values ${places.join(", ")}`;
  if (options.notify === undefined) return { text: insert, values };
  const notify = `select pg_notify($${values.length + 1}::text, partition::text) from inserted`;
  return {
    text: `with inserted as (${insert} returning partition) ${notify}`,
    values: [...values, options.notify],
  };

  function checkOptions(given: OutboxInsertOptions): void {
    try {
      expectOptions(given, checks);
      expectGiven(given, "table", "partitions");
      const { partition = 0, partitions } = given;
      // Centrifugo never reads such a row, and says nothing.
      if (partition >= partitions)
        throw new PathError(`expected an integer from 0 to ${partitions - 1}, got ${partition}`, {
          path: "partition",
        });
      if (Array.isArray(commands) && (commands.length === 0 || commands.length > mostRows))
        throw new PathError(`expected 1 to ${mostRows} commands, got ${commands.length}`, {
          path: "commands",
        });
    } catch (error) {
      throw refusal(error, undefined, "outboxInsert");
    }
  }
}

/** The values of a row: method, payload and partition. */
function row(
  command: ConsumerCommand,
  options: OutboxInsertOptions,
  place?: string,
): [string, string, number] {
  try {
    const make = (): [string, string, number] => {
      const { method, text, key } = checkedCommand(command);
      const payload = runUnder("payload", () => expectJsonb(text));
      return [method, payload, partitionFor(key, options)];
    };
    return place === undefined ? make() : runUnder(place, make);
  } catch (error) {
    throw refusal(error, methodIn(command), "command");
  }
}

function partitionFor(key: string | undefined, { partition, partitions }: OutboxInsertOptions): number {
  if (partition !== undefined) return partition;
  if (partitions === 1) return 0;
  if (key === undefined)
    throw new PathError(
      `is needed, because a broadcast has many channels; give one from 0 to ${partitions - 1}`,
      {
        path: "partition",
      },
    );
  return partitionOf(key, partitions);
}
