// An order service over HTTP. Each order is in one transaction with its publication, so clients hear of all orders that are
// kept, and of no other. `node order-service.ts config` prints the config.json of a Centrifugo that reads the outbox.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import type { PoolClient } from "pg";
import { Pool } from "pg";
import { createCommand } from "tscent";
import { outboxConfig, outboxInsert, outboxTable } from "tscent/outbox";

const { DATABASE_URL: dsn = "postgres://postgres@127.0.0.1:5432/postgres", PORT: port = "3000" } =
  process.env;
const outbox = { table: "centrifugo_outbox", partitions: 4, notify: "centrifugo_outbox" };

interface Order {
  readonly user: string;
  readonly item: string;
}

class SoldOutError extends Error {}

/** Takes the item from the stock, keeps the order, and tells the user and everybody who looks at the stock. */
async function placeOrder(database: PoolClient, { user, item }: Order): Promise<string> {
  const id = randomUUID();
  await database.query("insert into orders (id, customer, item) values ($1, $2, $3)", [id, user, item]);
  const { rows } = await database.query<{ left: number }>(
    "update stock set amount = amount - 1 where item = $1 and amount > 0 returning amount as left",
    [item],
  );
  const left = rows[0]?.left;
  if (left === undefined) throw new SoldOutError(`${item} is sold out`);
  const commands = [
    createCommand("publish", {
      channel: `orders_${user}`,
      data: { id, item, state: "placed" },
      idempotencyKey: `${id}-placed`,
    }),
    createCommand("publish", { channel: "stock", data: { item, left }, idempotencyKey: `${id}-stock` }),
  ];
  await database.query(outboxInsert(commands, outbox));
  return id;
}

/** Runs work in a transaction. An error rolls it back, its orders and its publications alike. */
async function inTransaction<T>(pool: Pool, work: (database: PoolClient) => Promise<T>): Promise<T> {
  const database = await pool.connect();
  try {
    await database.query("begin");
    const result = await work(database);
    await database.query("commit");
    return result;
  } catch (error) {
    await database.query("rollback");
    throw error;
  } finally {
    database.release();
  }
}

async function serve(): Promise<void> {
  const pool = new Pool({ connectionString: dsn });
  await pool.query(`${outboxTable(outbox)};
    create table if not exists orders (id uuid primary key, customer text not null, item text not null);
    create table if not exists stock (item text primary key, amount int not null);
    insert into stock values ('lamp', 1) on conflict do nothing`);
  const answer = async (request: IncomingMessage): Promise<[status: number, body: object]> => {
    if (request.method !== "POST" || request.url !== "/orders") return [404, { error: "POST /orders" }];
    const order = (await json(request)) as Order;
    try {
      return [201, { id: await inTransaction(pool, (database) => placeOrder(database, order)) }];
    } catch (error) {
      if (error instanceof SoldOutError) return [409, { error: error.message }];
      console.error(error);
      return [500, { error: "the order was not kept" }];
    }
  };
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(Number(port), "127.0.0.1", () => console.log(`listening at http://127.0.0.1:${port}/orders`));
}

if (process.argv[2] === "config") {
  const channel = {
    without_namespace: { history_size: 100, history_ttl: "300s", allow_subscribe_for_client: true },
  };
  console.log(JSON.stringify({ ...outboxConfig({ ...outbox, dsn }), channel }, null, 2));
} else {
  await serve();
}
