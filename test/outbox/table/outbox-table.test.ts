import { inspect } from "node:util";
import { expect, test } from "vitest";
import { outboxConfig, outboxTable } from "../../../src/outbox/index.ts";

const outbox = { table: "app.outbox", partitions: 4, notify: "outbox_news" };

test("outboxTable creates the columns that Centrifugo reads", () => {
  // test/outbox/transactions.wire.test.ts runs it.
  expect(outboxTable(outbox)).toMatch(/^create table if not exists "app"\."outbox" \(/);
  expect(outboxTable({ table: "outbox" })).toContain("partition integer not null default 0");
});

test("outboxTable refuses a bad name, and options that it does not know", () => {
  const create = outboxTable as (options: unknown) => string;
  expect(() => create({})).toThrow("outboxTable: table: is required");
  expect(() => create({ table: "x".repeat(64) })).toThrow("outboxTable: table: expected the name of a table");
  expect(() => create({ table: "a", name: "b" })).toThrow("outboxTable: name: unknown option");
});

test("outboxConfig is the part of config.json that reads the same table", () => {
  expect(outboxConfig({ ...outbox, dsn: "postgres://localhost/app" })).toStrictEqual({
    consumers: [
      {
        name: "outbox",
        enabled: true,
        type: "postgresql",
        postgresql: {
          dsn: "postgres://localhost/app",
          outbox_table_name: '"app"."outbox"',
          num_partitions: 4,
          partition_notification_channel: "outbox_news",
        },
      },
    ],
  });
});

test("console.log hides the address of outboxConfig, and JSON.stringify does not", () => {
  const dsn = "postgres://app:a-password@db/app";
  const config = { ...outboxConfig({ ...outbox, dsn }) };
  expect(inspect(config, { depth: 9 })).not.toContain("a-password");
  expect(inspect(config, { depth: 9 })).toContain("outbox_news");
  expect(JSON.stringify(config)).toContain(dsn);
});

test("outboxConfig has no notification channel without the option notify", () => {
  const { consumers } = outboxConfig({
    table: "outbox",
    partitions: 1,
    dsn: "postgres://",
    name: "orders_2",
  });
  expect(consumers[0].name).toBe("orders_2");
  expect(consumers[0].postgresql).not.toHaveProperty("partition_notification_channel");
});

test.each([
  ["dsn: is required", { dsn: undefined }],
  ["dsn: expected an address", { dsn: "" }],
  ["name: expected letters, digits and _, at least two, got my-outbox", { name: "my-outbox" }],
  ["partitions: expected an integer above 0, got 0", { partitions: 0 }],
])("outboxConfig says: %s", (message, options) => {
  const config = outboxConfig as (options: unknown) => unknown;
  expect(() => config({ ...outbox, dsn: "postgres://", ...options })).toThrow(`outboxConfig: ${message}`);
});
