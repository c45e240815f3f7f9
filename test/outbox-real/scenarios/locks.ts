import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import type { SqlQuery } from "../../../src/outbox/index.ts";
import { brokerQueries, brokerQuery } from "../../../src/outbox/index.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startPostgres } from "../servers/postgres.ts";

const publish = (channel: string) => ["stream_publish", { channel, data: 1 }] as const;

/** Runs queries in a transaction, with a pause behind each, so that another transaction comes between. */
async function transaction(database: Client, queries: readonly SqlQuery[]): Promise<string> {
  await database.query("begin");
  try {
    for (const query of queries) {
      await database.query(query);
      await delay(100);
    }
    await database.query("commit");
    return "committed";
  } catch (error) {
    await database.query("rollback");
    return (error as { code: string }).code;
  }
}

/** Two pairs of channels, each in the order of names, whose shards come in opposite orders. */
async function opposedPairs(database: Client): Promise<[[string, string], [string, string]]> {
  const { rows } = await database.query<{ channel: string; shard: string }>(
    `select 'c' || n as channel, abs(hashtext('c' || n)::bigint) % 8 as shard from generate_series(100, 199) n`,
  );
  const inShard = (shard: number) =>
    rows.filter((row) => Number(row.shard) === shard).map(({ channel }) => channel);
  const [low, high] = [inShard(0), inShard(1)];
  const rising = high.find((channel) => channel > (low[0] ?? ""));
  const falling = low.find((channel) => channel > (high[0] ?? ""));
  assert.ok(low[0] !== undefined && high[0] !== undefined && rising !== undefined && falling !== undefined);
  return [
    [low[0], rising],
    [high[0], falling],
  ];
}

/** Channels in the order of their names are not enough. With brokerQueries, nobody waits for a lock that never comes. */
async function lockInOrder(binaries: Binaries): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  await using _centrifugo = await Centrifugo.start(binaries.centrifugo, {
    broker: { enabled: true, type: "postgres", postgres: { dsn: postgres.dsn } },
  });
  const [one, two] = [await postgres.connect(), await postgres.connect()];
  const [rising, falling] = await opposedPairs(one);
  for (const pair of [rising, falling]) assert.deepEqual([...pair].sort(), pair);

  const byName = (pair: readonly string[]) => pair.map((channel) => brokerQuery(...publish(channel)));
  const plain = await Promise.all([transaction(one, byName(rising)), transaction(two, byName(falling))]);
  assert.deepEqual([...plain].sort(), ["40P01", "committed"]);
  const locked = (pair: readonly string[]) => brokerQueries(pair.map(publish));
  for (let round = 0; round < 5; round++) {
    const ends = await Promise.all([transaction(one, locked(rising)), transaction(two, locked(falling))]);
    assert.deepEqual(ends, ["committed", "committed"]);
  }
  return "channels in the order of names: a deadlock; brokerQueries: none";
}

export const lockScenarios: readonly Scenario[] = [
  { name: "broker: locks of two transactions", needs: ["centrifugo", "postgres"], run: lockInOrder },
];
