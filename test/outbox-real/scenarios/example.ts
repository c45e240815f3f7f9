import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../chaos/servers/ports.ts";
import { startProgram } from "../../chaos/servers/program.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import type { Config } from "../servers/centrifugo.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startPostgres } from "../servers/postgres.ts";
import { Subscriber } from "../subscriber.ts";

const program = ["--conditions=tscent-source", resolve("examples/outbox/order-service.ts")];

/** The first order takes the only lamp and is published; the second is refused and not published. */
async function orderLamps(binaries: Binaries): Promise<string> {
  await using postgres = await startPostgres(binaries.postgres);
  const port = await freePort();
  const env = { ...process.env, DATABASE_URL: postgres.dsn, PORT: String(port) };
  await using _service = await startProgram(process.execPath, [port], () => program, { env });
  const printed = execFileSync(process.execPath, [...program, "config"], { env, encoding: "utf8" });
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, JSON.parse(printed) as Config);
  using ann = await Subscriber.connect(centrifugo.webSocketUrl, "orders_ann", "stock");
  using bob = await Subscriber.connect(centrifugo.webSocketUrl, "orders_bob");

  const order = (user: string) =>
    fetch(`http://127.0.0.1:${port}/orders`, {
      method: "POST",
      body: JSON.stringify({ user, item: "lamp" }),
    });
  const first = await order("ann");
  assert.equal(first.status, 201);
  const { id } = (await first.json()) as { id: string };
  await ann.data(2);
  const received = Object.fromEntries(ann.publications.map(({ channel, data }) => [channel, data]));
  assert.deepEqual(received, {
    orders_ann: { id, item: "lamp", state: "placed" },
    stock: { item: "lamp", left: 0 },
  });
  const second = await order("bob");
  assert.deepEqual([second.status, await second.json()], [409, { error: "lamp is sold out" }]);
  await delay(1_000);
  assert.deepEqual([ann.publications.length, bob.publications.length], [2, 0]);
  return "";
}

export const exampleScenarios: readonly Scenario[] = [
  { name: "example: an order service", needs: ["centrifugo", "postgres"], run: orderLamps },
];
