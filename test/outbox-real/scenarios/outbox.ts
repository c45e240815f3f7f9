import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { createCommand } from "../../../src/index.ts";
import { outboxConfig, outboxInsert, outboxTable } from "../../../src/outbox/index.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startPostgres } from "../servers/postgres.ts";
import { Subscriber } from "../subscriber.ts";

const outbox = { table: "Outbox", partitions: 4 };

/** A row in a transaction reaches a client after the commit, and never after a rollback. */
async function deliver(binaries: Binaries, notify?: string): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const options = { ...outbox, notify };
  const database = await postgres.connect();
  await database.query(`${outboxTable(options)}; create table orders (id int primary key)`);
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, {
    ...outboxConfig({ ...options, dsn: postgres.dsn }),
  });
  using subscriber = await Subscriber.connect(centrifugo.webSocketUrl, "orders");

  const placeOrder = async (id: number, end: "commit" | "rollback") => {
    await database.query("begin");
    await database.query("insert into orders values ($1)", [id]);
    await database.query(
      outboxInsert(createCommand("publish", { channel: "orders", data: { id } }), options),
    );
    await database.query(end);
  };
  await placeOrder(1, "rollback");
  // Longer than the interval in which Centrifugo looks for rows.
  await delay(1_000);
  assert.deepEqual(await subscriber.data(0), []);
  const start = performance.now();
  await placeOrder(2, "commit");
  assert.deepEqual(await subscriber.data(1), [{ id: 2 }]);
  const elapsed = performance.now() - start;

  const channels = Array.from({ length: 10 }, (_, n) => `chat_${n}`);
  using reader = await Subscriber.connect(centrifugo.webSocketUrl, ...channels);
  const commands = Array.from({ length: 1_000 }, (_, n) =>
    createCommand("publish", { channel: `chat_${n % 10}`, data: n }),
  );
  await database.query(outboxInsert(commands, options));
  await reader.data(commands.length);
  for (const channel of channels) {
    const received = reader.publications.filter((publication) => publication.channel === channel);
    const expected = commands
      .filter(({ payload }) => payload.channel === channel)
      .map(({ payload }) => payload.data);
    assert.deepEqual(
      received.map(({ data }) => data),
      expected,
    );
  }
  const broadcast = createCommand("broadcast", { channels: ["orders"], data: "all", idempotencyKey: "all" });
  await database.query(outboxInsert(broadcast, { ...options, partition: 3 }));
  assert.equal((await subscriber.data(2))[1], "all");
  // Centrifugo removes a row shortly after the publication.
  while ((await database.query(`select from "Outbox"`)).rowCount !== 0) await delay(10);
  return `delivered ${Math.round(elapsed)} ms after the transaction began, then 1,000 in order within 10 channels`;
}

export const outboxScenarios: readonly Scenario[] = [
  { name: "outbox: polled", needs: ["centrifugo", "postgres"], run: (binaries) => deliver(binaries) },
  {
    name: "outbox: notified",
    needs: ["centrifugo", "postgres"],
    run: (binaries) => deliver(binaries, "Outbox_News"),
  },
];
