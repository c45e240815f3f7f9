// PGlite is PostgreSQL in this process. It starts in seconds, which is too long for a unit test.
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCommand } from "../../src/index.ts";
import { outboxInsert, outboxPartition, outboxTable } from "../../src/outbox/index.ts";
import type { Consumed, TestBackend } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

const outbox = { table: 'app.Outbox "1"', partitions: 4 };
const quoted = '"app"."Outbox ""1"""';

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(`create schema app; ${outboxTable(outbox)}; create table orders (id int primary key)`);
}, 60_000);
beforeEach(() => database.exec(`truncate orders; truncate ${quoted}`));
afterAll(() => database.close());

/** Places an order and publishes it, in one transaction. */
const placeOrder = (id: number, fails = false) =>
  database.transaction(async (transaction) => {
    await transaction.query("insert into orders (id) values ($1)", [id]);
    const command = createCommand("publish", { channel: `orders_${id}`, data: { id, state: "placed" } });
    const { text, values } = outboxInsert(command, outbox);
    await transaction.query(text, values);
    if (fails) throw new Error("the card was declined");
  });

interface Row {
  id: number;
  method: string;
  payload: unknown;
  partition: number;
}

/** Reads the rows as Centrifugo does: each partition in the order of ids, up to a command that has to be repeated. */
async function consumeOutbox(server: TestBackend): Promise<Consumed[]> {
  const consumed: Consumed[] = [];
  for (let partition = 0; partition < outbox.partitions; partition++) {
    const { rows } = await database.query<Row>(
      `select id, method, payload from ${quoted} where partition = $1 order by id limit 100`,
      [partition],
    );
    for (const { id, ...command } of rows) {
      const done = await server.consume(command);
      consumed.push(done);
      if (done.outcome === "retried") break;
      await database.query(`delete from ${quoted} where id = $1`, [id]);
    }
  }
  return consumed;
}

describe("an outbox in PostgreSQL", () => {
  test("a committed order reaches a client, and a rolled back one does not", async () => {
    const { server } = createTestClient();
    const ann = server.connect({ user: "ann", channels: ["orders_1", "orders_2"] });
    await expect(placeOrder(1, true)).rejects.toThrow("declined");
    await placeOrder(2);
    expect(await consumeOutbox(server)).toEqual([{ outcome: "executed" }]);
    expect(await ann.next("publication")).toMatchObject({
      channel: "orders_2",
      data: { id: 2, state: "placed" },
    });
    expect(server.calls).toHaveLength(1);
    expect(await consumeOutbox(server)).toEqual([]);
  });

  test("many commands in one insert keep their order within each channel", async () => {
    const { client, server } = createTestClient();
    const commands = Array.from({ length: 300 }, (_, n) =>
      createCommand("publish", { channel: `chat_${n % 5}`, data: n }),
    );
    const { text, values } = outboxInsert(commands, outbox);
    await database.query(text, values);
    for (let round = 0; round < 4; round++) await consumeOutbox(server);
    for (let channel = 0; channel < 5; channel++) {
      const { publications } = await client.history({ channel: `chat_${channel}`, limit: -1 });
      expect(publications.map(({ data }) => data)).toEqual(
        Array.from({ length: 60 }, (_, n) => 5 * n + channel),
      );
    }
  });

  test("each row is in the partition of its channel", async () => {
    await placeOrder(7);
    const { rows } = await database.query<Row>(`select * from ${quoted}`);
    expect(rows).toMatchObject([{ method: "publish", partition: outboxPartition("orders_7", 4) }]);
  });

  test("a command that fails with error 100 stays, and holds back only its partition", async () => {
    const { server } = createTestClient();
    expect([outboxPartition("a", 4), outboxPartition("b", 4)]).toEqual([0, 1]);
    const commands = ["a", "a", "b"].map((channel) => createCommand("publish", { channel, data: 1 }));
    const { text, values } = outboxInsert(commands, outbox);
    await database.query(text, values);
    server.fail("publish", { code: 100 });
    expect((await consumeOutbox(server)).map(({ outcome }) => outcome)).toEqual(["retried", "executed"]);
    expect((await consumeOutbox(server)).map(({ outcome }) => outcome)).toEqual(["executed", "executed"]);
    expect(await consumeOutbox(server)).toEqual([]);
  });

  test("PostgreSQL keeps a large version exactly, and refuses what outboxInsert refuses", async () => {
    const command = createCommand("publish", {
      channel: "a",
      data: "\\u0000 😀",
      version: 18446744073709551615n,
    });
    const { text, values } = outboxInsert(command, outbox);
    await database.query(text, values);
    const { rows } = await database.query<{ payload: string }>(`select payload::text from ${quoted}`);
    expect(rows[0]?.payload).toContain('"version": 18446744073709551615');
    await expect(database.query(text, ["publish", '{"data":"\\u0000"}', 0])).rejects.toThrow(
      "unsupported Unicode escape sequence",
    );
    await expect(database.query(text, ["publish", '{"data":"\\ud800"}', 0])).rejects.toThrow(
      "invalid input syntax for type json",
    );
  });

  test("a listener hears of each partition at the commit, and of nothing after a rollback", async () => {
    const heard: string[] = [];
    const stop = await database.listen("outbox_news", (partition) => heard.push(partition));
    const notifying = { ...outbox, notify: "outbox_news" };
    const commands = ["a", "b"].map((channel) => createCommand("publish", { channel, data: 1 }));
    const { text, values } = outboxInsert(commands, notifying);
    const insert = (ends: boolean) =>
      database.transaction(async (transaction) => {
        await transaction.query(text, values);
        expect(heard).toEqual([]);
        if (!ends) throw new Error("rolled back");
      });
    await expect(insert(false)).rejects.toThrow("rolled back");
    await insert(true);
    await expect
      .poll(() => [...heard].sort())
      .toEqual(["a", "b"].map((name) => `${outboxPartition(name, 4)}`).sort());
    await stop();
  });
});
