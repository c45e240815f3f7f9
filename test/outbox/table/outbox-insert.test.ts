import { describe, expect, test } from "vitest";
import type { ConsumerCommand } from "../../../src/index.ts";
import { CentRequestError, createCommand } from "../../../src/index.ts";
import type { OutboxInsertOptions } from "../../../src/outbox/index.ts";
import { outboxInsert, outboxPartition } from "../../../src/outbox/index.ts";

const outbox = { table: "outbox", partitions: 4 };
const publish = createCommand("publish", { channel: "chat", data: { text: "hi" } });
const broadcast = createCommand("broadcast", { channels: ["a", "b"], data: 1, idempotencyKey: "k" });

describe("outboxInsert", () => {
  test("one command is one row, in the partition of its channel", () => {
    expect(outboxInsert(publish, outbox)).toStrictEqual({
      text: 'insert into "outbox" (method, payload, partition) values ($1::text, $2::text::jsonb, $3::int)',
      values: ["publish", '{"channel":"chat","data":{"text":"hi"}}', outboxPartition("chat", 4)],
    });
  });

  test("many commands are rows of one query, in their order", () => {
    const { text, values } = outboxInsert([publish, createCommand("disconnect", { user: "ann" })], outbox);
    expect(text).toMatch(
      /values \(\$1::text, \$2::text::jsonb, \$3::int\), \(\$4::text, \$5::text::jsonb, \$6::int\)$/,
    );
    expect(values.slice(3)).toStrictEqual(["disconnect", '{"user":"ann"}', outboxPartition("ann", 4)]);
  });

  test("a command of a user and a channel goes by the channel", () => {
    const { values } = outboxInsert(createCommand("subscribe", { user: "ann", channel: "chat" }), outbox);
    expect(values[2]).toBe(outboxPartition("chat", 4));
  });

  test("the option notify announces each partition in the same query", () => {
    expect(outboxInsert(publish, { ...outbox, notify: "news" })).toStrictEqual({
      text:
        'with inserted as (insert into "outbox" (method, payload, partition) values ($1::text, $2::text::jsonb, $3::int)' +
        " returning partition) select pg_notify($4::text, partition::text) from inserted",
      values: ["publish", '{"channel":"chat","data":{"text":"hi"}}', outboxPartition("chat", 4), "news"],
    });
  });

  test("a large version arrives exactly", () => {
    const command = createCommand("publish", { channel: "a", data: 1, version: 18446744073709551615n });
    expect(outboxInsert(command, outbox).values[1]).toBe(
      '{"channel":"a","data":1,"version":18446744073709551615}',
    );
  });

  test("the option partition takes the place of the hash, and a broadcast needs it", () => {
    expect(outboxInsert(broadcast, { ...outbox, partition: 3 }).values[2]).toBe(3);
    expect(outboxInsert([publish, broadcast], { ...outbox, partition: 0 }).values).toMatchObject({
      2: 0,
      5: 0,
    });
    expect(() => outboxInsert(broadcast, outbox)).toThrow(
      "broadcast: partition: is needed, because a broadcast has many channels; give one from 0 to 3",
    );
  });

  test("a broadcast goes into the only partition of an outbox with one", () => {
    expect(outboxInsert(broadcast, { ...outbox, partitions: 1 }).values[2]).toBe(0);
  });

  test.each([
    ["orders", '"orders"'],
    ["app.orders", '"app"."orders"'],
    ['x" (method) values (1); drop table users; --', '"x"" (method) values (1); drop table users; --"'],
    ["Überschuss", '"Überschuss"'],
  ])("the name %o of a table is quoted", (table, quoted) => {
    expect(outboxInsert(publish, { ...outbox, table }).text).toContain(`insert into ${quoted} (method,`);
  });
});

describe("CentRequestError of outboxInsert", () => {
  const insert = outboxInsert as (commands: unknown, options: unknown) => unknown;

  test.each<[string, Partial<Record<keyof OutboxInsertOptions | "tabel", unknown>>]>([
    ["table: is required", { table: undefined }],
    ["partitions: is required", { partitions: undefined }],
    ["partitions: expected an integer above 0, got 0", { partitions: 0 }],
    ["partition: expected an integer from 0 to 3, got 4", { partition: 4 }],
    ["partition: expected an integer from 0, got -1", { partition: -1 }],
    ["notify: expected a name with 1 to 63 bytes, got ", { notify: "" }],
    ["tabel: unknown option; did you mean table?", { tabel: "outbox" }],
    ["table: expected the name of a table", { table: "" }],
    ["table: expected the name of a table", { table: "a.b.c" }],
    ["table: expected the name of a table", { table: "a\0b" }],
    ["table: expected the name of a table", { table: "é".repeat(32) }],
  ])("outboxInsert says: %s", (message, options) => {
    expect(() => insert(publish, { ...outbox, ...options })).toThrow(CentRequestError);
    expect(() => insert(publish, { ...outbox, ...options })).toThrow(`outboxInsert: ${message}`);
  });

  test("outboxInsert refuses a list without commands, and a list that PostgreSQL would refuse", () => {
    expect(() => insert([], outbox)).toThrow("outboxInsert: commands: expected 1 to 21844 commands, got 0");
    const many = Array.from({ length: 21_845 }, () => publish);
    expect(() => insert(many, outbox)).toThrow("expected 1 to 21844 commands, got 21845");
  });

  test.each([
    ["batch", 'consumers skip "batch"; they take only publish, broadcast'],
    ["map_publish", 'consumers skip "map_publish"'],
    ["history", 'consumers skip "history"'],
    ["shared_poll_publish", 'consumers skip "shared_poll_publish"'],
    ["Publish", 'consumers skip "Publish"; did you mean publish?'],
  ])("outboxInsert refuses the method %s, which consumers skip", (method, message) => {
    const command = { method, payload: { channel: "a", data: 1 } };
    expect(() => insert(command, outbox)).toThrow(`${method}: method: ${message}`);
    expect(() => insert(command, outbox)).toThrow(expect.objectContaining({ method, field: "method" }));
  });

  test("outboxInsert refuses a broadcast without an idempotency key, because consumers repeat it whole", () => {
    const command = createCommand("broadcast", { channels: ["a", "b"], data: 1 });
    expect(() => insert(command, { ...outbox, partition: 0 })).toThrow(
      "broadcast: idempotencyKey: is needed, because a consumer repeats the whole broadcast if one of its channels fails",
    );
  });

  test("an error in a list has the place of the command", () => {
    expect(() => insert([publish, { method: "publish" }], outbox)).toThrow(
      "publish: commands[1].payload: expected an object, got undefined",
    );
    expect(() => insert([publish, undefined], outbox)).toThrow("command: commands[1]: expected an object");
  });

  test.each([["\0"], ["\ud800"], [{ "\0": 1 }], [["\\\0"]]])(
    "outboxInsert refuses data that jsonb refuses: %o",
    (data) => {
      const command = createCommand("publish", { channel: "a", data });
      expect(() => insert(command, outbox)).toThrow(
        "publish: payload: has a string with the character 0 or half a surrogate pair, which PostgreSQL's jsonb refuses",
      );
    },
  );

  test.each([["\\u0000"], ["😀"], ["\\ud800"]])(
    "outboxInsert takes %o, which only looks like such a string",
    (data) => {
      const command = createCommand("publish", { channel: "a", data });
      const { values } = outboxInsert(command, outbox);
      expect(JSON.parse(String(values[1]))).toEqual({ channel: "a", data });
    },
  );

  test("outboxInsert takes surrogate pairs that a JSON library escapes", () => {
    const json = { stringify: () => '"\\ud83d\\ude00"', parse: JSON.parse };
    const command: ConsumerCommand = createCommand("publish", { channel: "a", data: 1 }, { json });
    expect(() => insert(command, outbox)).not.toThrow();
  });
});
