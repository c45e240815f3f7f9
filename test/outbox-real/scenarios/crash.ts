import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { createCommand } from "../../../src/index.ts";
import { outboxConfig, outboxInsert, outboxTable } from "../../../src/outbox/index.ts";
import { freePort } from "../../chaos/servers/ports.ts";
import { startRedis } from "../../chaos/servers/redis.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import type { Config } from "../servers/centrifugo.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startPostgres } from "../servers/postgres.ts";
import { Subscriber } from "../subscriber.ts";

const count = 2_000;
const crashes = 4;
const outbox = { table: "outbox", partitions: 2, notify: "outbox" };

/**
 * Centrifugo crashes while it works through the outbox. Each command without an idempotency key is executed at least once,
 * and each one with a key is in the history once.
 */
async function crashWhileConsuming(binaries: Binaries, broker: (dsn: string) => Config): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const database = await postgres.connect();
  await database.query(outboxTable(outbox));
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, {
    ...outboxConfig({ ...outbox, dsn: postgres.dsn }),
    ...broker(postgres.dsn),
  });
  using subscriber = await Subscriber.connect(centrifugo.webSocketUrl, "keyed");

  for (const channel of ["plain", "keyed"]) {
    const commands = Array.from({ length: count }, (_, n) =>
      createCommand("publish", {
        channel,
        data: n,
        ...(channel === "keyed" ? { idempotencyKey: `${n}` } : {}),
      }),
    );
    await database.query(outboxInsert(commands, outbox));
  }
  for (let crash = 1; crash <= crashes; crash++) {
    // In the midst of the hundred rows that Centrifugo removes in one transaction.
    await untilPublished(centrifugo, (crash * count) / (crashes + 1) + 50);
    await centrifugo.crash();
    await centrifugo.start();
  }
  while ((await database.query("select from outbox")).rowCount !== 0) await delay(100);

  const [plain = [], keyed = []] = await Promise.all(
    ["plain", "keyed"].map((channel) => dataOf(centrifugo, channel)),
  );
  expectAll("the history of commands with keys", keyed);
  expectAll(
    "the history without keys and duplicates",
    [...new Set(plain)].sort((a, b) => a - b),
  );
  expectAll("the publications of the client", await subscriber.data(count));
  return `${crashes} crashes, ${count} commands: with keys ${keyed.length} in the history, without ${plain.length}`;
}

function expectAll(what: string, numbers: readonly unknown[]): void {
  const wrong = numbers.findIndex((number, index) => number !== index);
  assert.ok(
    numbers.length === count && wrong === -1,
    `${what}: ${numbers.length} of ${count}, wrong from ${wrong}`,
  );
}

async function dataOf(centrifugo: Centrifugo, channel: string): Promise<number[]> {
  const { publications } = await centrifugo.client.history<number>({ channel, limit: -1 });
  return publications.map(({ data }) => data);
}

async function untilPublished(centrifugo: Centrifugo, most: number): Promise<void> {
  while ((await centrifugo.client.history({ channel: "plain" })).offset < most) await delay(1);
}

/** Rows that are written while Centrifugo is stopped are executed when it runs again. */
async function writeWhileStopped(binaries: Binaries): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const database = await postgres.connect();
  await database.query(outboxTable(outbox));
  const config = { ...outboxConfig({ ...outbox, dsn: postgres.dsn }) };
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, config);
  await centrifugo.stop();
  await database.query(outboxInsert(createCommand("publish", { channel: "chat", data: "late" }), outbox));
  await centrifugo.start();
  while ((await database.query("select from outbox")).rowCount !== 0) await delay(20);
  const { publications } = await centrifugo.client.history({ channel: "chat", limit: 10 });
  assert.deepEqual(
    publications.map(({ data }) => data),
    ["late"],
  );
  return "";
}

export const crashScenarios: readonly Scenario[] = [
  {
    name: "outbox: written while Centrifugo is stopped",
    needs: ["centrifugo", "postgres"],
    run: writeWhileStopped,
  },
  {
    name: "outbox: crashes, history in Redis",
    needs: ["centrifugo", "postgres", "redis"],
    async run(binaries) {
      const port = await freePort();
      await using _redis = await startRedis(port);
      return await crashWhileConsuming(binaries, () => ({
        engine: { type: "redis", redis: { address: `127.0.0.1:${port}` } },
      }));
    },
  },
  {
    name: "outbox: crashes, history in PostgreSQL",
    needs: ["centrifugo", "postgres"],
    run: (binaries) =>
      crashWhileConsuming(binaries, (dsn) => ({
        broker: { enabled: true, type: "postgres", postgres: { dsn, use_notify: true } },
      })),
  },
];
