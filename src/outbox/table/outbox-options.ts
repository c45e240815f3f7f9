import { PathError } from "../../codec/path-error.ts";
import { partitionCount } from "./outbox-partition.ts";
import { notifyChannel, tableName } from "./sql-identifier.ts";

/** The outbox table, as the application and Centrifugo's consumer both have to know it. */
export interface OutboxOptions {
  /** The name of the table, alone or as in "schema.table". It is quoted, so upper and lower case differ. */
  readonly table: string;
  /** The number of partitions: `num_partitions` of the consumer. Centrifugo reads only the partitions 0 to `partitions - 1`. */
  readonly partitions: number;
  /**
   * The NOTIFY channel that tells Centrifugo of new rows at the commit: `partition_notification_channel` of the consumer.
   * Default: none, and Centrifugo looks for rows every 300 milliseconds.
   */
  readonly notify?: string | undefined;
}

export const outboxChecks = { table: tableName, partitions: partitionCount, notify: notifyChannel };

/** @throws PathError for a required option that is missing */
export function expectGiven<Options extends object>(
  options: Options,
  ...names: (keyof Options & string)[]
): void {
  for (const name of names)
    if (options[name] === undefined) throw new PathError("is required", { path: name });
}
