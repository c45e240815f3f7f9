import { hideInLogs } from "../../options/hide-in-logs.ts";
import type { OptionCheck } from "../../options/option-checks.ts";
import { expectOptions, optionChecks, shown } from "../../options/option-checks.ts";
import { refusal } from "../refusal.ts";
import type { OutboxOptions } from "./outbox-options.ts";
import { expectGiven, outboxChecks } from "./outbox-options.ts";
import { quoteTable } from "./sql-identifier.ts";

/** Options of `outboxConfig`. */
export interface OutboxConfigOptions extends OutboxOptions {
  /** The address of PostgreSQL as Centrifugo reaches it: `postgres://user:password@host:5432/database`. */
  readonly dsn: string;
  /** The name of the consumer in Centrifugo's logs and metrics. Default "outbox". */
  readonly name?: string | undefined;
}

/** The part of Centrifugo's config.json that reads an outbox table. */
export interface OutboxConfig {
  readonly consumers: readonly [
    {
      /** The name of the consumer in Centrifugo's logs and metrics. */
      readonly name: string;
      /** True: Centrifugo leaves the rows of a consumer that is not enabled. */
      readonly enabled: true;
      readonly type: "postgresql";
      readonly postgresql: {
        /** The address of PostgreSQL, which may have a password. console.log hides it, and JSON.stringify writes it. */
        readonly dsn: string;
        /** The name of the table in double quotes, as Centrifugo puts it into its queries. */
        readonly outbox_table_name: string;
        /** Centrifugo reads the partitions 0 to `num_partitions - 1`. */
        readonly num_partitions: number;
        /** The NOTIFY channel of new rows. Absent: Centrifugo looks for rows every 300 milliseconds. */
        readonly partition_notification_channel?: string;
      };
    },
  ];
}

/** The address has a password, so no message shows it. */
const address: OptionCheck = (value) =>
  (typeof value === "string" && value !== "") || "an address, as in postgres://user@host:5432/database";
/** Centrifugo refuses a configuration with other names. */
const consumerName: OptionCheck = shown(
  (value) =>
    (typeof value === "string" && /^[a-zA-Z0-9_]{2,}$/.test(value)) || "letters, digits and _, at least two",
);

const checks = optionChecks<OutboxConfigOptions>({
  ...outboxChecks,
  dsn: address,
  name: consumerName,
});

/**
 * Makes the part of Centrifugo's config.json that reads an outbox table. console.log hides the address, which may have a
 * password; JSON.stringify does not.
 *
 * @throws CentRequestError naming the option that is wrong
 */
export function outboxConfig(options: OutboxConfigOptions): OutboxConfig {
  try {
    expectOptions(options, checks);
    expectGiven(options, "dsn", "table", "partitions");
  } catch (error) {
    throw refusal(error, undefined, "outboxConfig");
  }
  const { dsn, table, partitions, notify, name = "outbox" } = options;
  const settings = {
    dsn,
    // Centrifugo puts the name into its queries as it is.
    outbox_table_name: quoteTable(table),
    num_partitions: partitions,
    ...(notify === undefined ? {} : { partition_notification_channel: notify }),
  };
  const postgresql = hideInLogs(settings, "dsn");
  return { consumers: [{ name, enabled: true, type: "postgresql", postgresql }] };
}
