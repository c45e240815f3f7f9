import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import type { BrokerMethod, BrokerRequests } from "../../../src/outbox/index.ts";
import { brokerQueries, brokerQuery } from "../../../src/outbox/index.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startPostgres } from "../servers/postgres.ts";
import { Subscriber } from "../subscriber.ts";

type Row = Readonly<Record<string, unknown>>;

/** Calls one function, and gives the only row that it returns. */
async function call<Method extends BrokerMethod>(
  database: Client,
  method: Method,
  request: BrokerRequests[Method],
  options?: { binary?: boolean; tablePrefix?: string },
): Promise<Row> {
  const { rows } = await database.query<Row>(brokerQuery(method, request, options));
  assert.equal(rows.length, 1);
  return rows[0] as Row;
}

/** The functions publish in a transaction: at its commit, and never after a rollback. */
async function publish(
  binaries: Binaries,
  options: { binary: boolean; tablePrefix: string },
): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const { binary, tablePrefix } = options;
  const settings = { dsn: postgres.dsn, use_notify: true, binary_data: binary, table_prefix: tablePrefix };
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, {
    broker: { enabled: true, type: "postgres", postgres: settings },
  });
  const database = await postgres.connect();
  const data = binary ? new TextEncoder().encode('"bytes"') : { text: "hi" };
  const received = binary ? "bytes" : { text: "hi" };
  const unknown = await call(database, "stream_top_position", { channel: "chat" }, options);
  assert.deepEqual(unknown, { out_top_offset: "0", out_epoch: "" });

  using subscriber = await Subscriber.connect(centrifugo.webSocketUrl, "chat", "other");
  await database.query("begin");
  await call(database, "stream_publish", { channel: "chat", data: "never" }, options);
  await database.query("rollback");
  await database.query("begin");
  const request = {
    channel: "chat",
    data,
    tags: { k: "v" },
    historyTtlMs: 60_000,
    historySize: 5,
    metaTtlMs: 120_000,
    version: 7,
    versionEpoch: "e",
    idempotencyKey: "k",
    idempotencyTtlMs: 60_000,
    useDelta: false,
    clientId: "c",
    userId: "u",
    connInfo: { name: "ann" },
    chanInfo: 1,
  };
  const row = await call(database, "stream_publish", request, options);
  assert.equal(row.out_suppressed, false);
  await delay(200);
  assert.equal(subscriber.publications.length, 0);
  const start = performance.now();
  await database.query("commit");
  assert.deepEqual(await subscriber.data(1), [received]);
  const elapsed = Math.round(performance.now() - start);
  assert.deepEqual(subscriber.publications[0]?.tags, { k: "v" });
  assert.equal(subscriber.publications[0]?.info?.user, "u");

  const again = await call(database, "stream_publish", request, options);
  assert.deepEqual([again.out_suppressed, again.out_suppress_reason], [true, "idempotency"]);
  const older = await call(database, "stream_publish", { channel: "chat", data, version: 6 }, options);
  assert.equal(older.out_suppress_reason, "version");
  await assert.rejects(call(database, "stream_publish_strict", request, options), { code: "P0001" });
  const top = await call(database, "stream_top_position", { channel: "chat" }, options);
  assert.deepEqual(top, { out_top_offset: "1", out_epoch: row.out_epoch });

  await database.query("begin");
  for (const query of brokerQueries(
    [
      ["stream_publish", { channel: "other", data }],
      ["stream_publish", { channel: "chat", data }],
      ["stream_publish", { channel: "other", data }],
    ],
    options,
  ))
    await database.query(query);
  await database.query("commit");
  assert.equal((await subscriber.data(4)).length, 4);

  await call(database, "stream_publish_join", { channel: "chat", clientId: "c", userId: "u" }, options);
  await call(database, "stream_publish_leave", { channel: "chat", clientId: "c", userId: "u" }, options);
  await call(database, "stream_remove_history", { channel: "chat" }, options);
  const { publications, offset } = await centrifugo.client.history({ channel: "chat", limit: 10 });
  assert.deepEqual([publications.length, offset], [0, 2]);
  return `delivered ${elapsed} ms after the commit`;
}

/** The functions of maps, read again through the API. */
async function changeMaps(binaries: Binaries): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const map = {
    namespaces: [{ name: "room", subscription_type: "map", map: { mode: "persistent" } }],
  };
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, {
    map_broker: { type: "postgres", postgres: { dsn: postgres.dsn } },
    channel: map,
  });
  const database = await postgres.connect();
  const channel = "room:1";
  const set = { channel, key: "ann", data: { x: 1 } };
  const first = await call(database, "map_publish", {
    ...set,
    tags: { k: "v" },
    keyMode: "if_new",
    keyVersion: 1n,
    keyVersionEpoch: "e",
    idempotencyKey: "k",
    idempotencyTtlMs: 60_000,
    useDelta: false,
    clientId: "c",
    userId: "u",
    connInfo: 1,
    chanInfo: 2,
    refreshTtlOnSuppress: false,
  });
  assert.equal(first.suppressed, false);
  const { entries } = await centrifugo.client.mapReadState({ channel, limit: 10 });
  assert.deepEqual(
    entries.map(({ key, data }) => ({ key, data })),
    [{ key: "ann", data: { x: 1 } }],
  );
  assert.equal(
    (await call(database, "map_publish", { ...set, keyMode: "if_new" })).suppress_reason,
    "key_exists",
  );
  await assert.rejects(call(database, "map_publish_strict", { ...set, keyMode: "if_new" }), {
    code: "23505",
  });
  const wrong = { ...set, expectedOffset: 99, expectedEpoch: String(first.epoch) };
  assert.equal((await call(database, "map_publish", wrong)).suppress_reason, "position_mismatch");
  await call(database, "map_publish", { ...set, key: "bob", keyTtlMs: 60_000, metaTtlMs: 60_000 });
  const removed = await call(database, "map_remove", {
    channel,
    key: "ann",
    idempotencyKey: "gone",
    clientId: "c",
    userId: "u",
  });
  assert.equal(removed.suppressed, false);
  await assert.rejects(call(database, "map_remove_strict", { channel, key: "ann" }), { code: "P0002" });
  assert.equal((await centrifugo.client.mapStats({ channel })).numKeys, 1);
  return "";
}

export const brokerScenarios: readonly Scenario[] = [
  {
    name: "broker: JSON in a transaction",
    needs: ["centrifugo", "postgres"],
    run: (binaries) => publish(binaries, { binary: false, tablePrefix: "cf" }),
  },
  {
    name: "broker: bytes in a transaction, another prefix",
    needs: ["centrifugo", "postgres"],
    run: (binaries) => publish(binaries, { binary: true, tablePrefix: "app" }),
  },
  { name: "broker: maps", needs: ["centrifugo", "postgres"], run: changeMaps },
];
