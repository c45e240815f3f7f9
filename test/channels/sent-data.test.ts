import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineChannels } from "../../src/channels/index.ts";
import type { CentClient } from "../../src/index.ts";
import { CentRequestError, createClient } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

const order = {
  zod: z.object({ items: z.array(z.object({ price: z.number(), name: z.string() })) }),
  valibot: v.object({ items: v.array(v.object({ price: v.number(), name: v.string() })) }),
  arktype: type({ items: type({ price: "number", name: "string" }).array() }),
};
const good = { items: [{ price: 1, name: "tea" }] };
const bad = { items: [...good.items, ...good.items, { price: "2", name: 3 }] };

/** A test client without the types of its channels, so that a test can send anything. */
function clientWith(channels: ReturnType<typeof defineChannels>, batching = false) {
  const namespaces = ["order", "free", "other"].map((name) => ({ name }));
  const { client, server } = createTestClient({
    config: { channel: { namespaces } },
    client: { channels, batching },
  });
  return { cent: client as object as CentClient, server };
}

async function itemsOf<Item>(run: AsyncIterable<Item>): Promise<Item[]> {
  const items = [];
  for await (const item of run) items.push(item);
  return items;
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("nothing was refused"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(CentRequestError);
      return error as CentRequestError;
    },
  );

describe.each(Object.entries(order))("a schema of %s", (_library, data) => {
  test("takes good data, which is sent as it is", async () => {
    const { cent, server } = clientWith(defineChannels({ "order:*": { data } }));
    await cent.publish({ channel: "order:1", data: good });
    expect(server.calls[0]?.request).toMatchObject({ channel: "order:1", data: good });
  });

  test("refuses bad data with its path and all issues, and nothing is sent", async () => {
    const { cent, server } = clientWith(defineChannels({ "order:*": { data } }));
    const error = await refusal(cent.publish({ channel: "order:1", data: bad }));
    // arktype has the issues in an order of its own.
    expect(error.field).toMatch(/^data\.items\[2\]\.(?:price|name)$/);
    expect(error.message).toMatch(
      /^publish: data\.items\[2\]\.\w+: .*(?:number|string).* \(schema of order:\*, 1 more issue\)$/,
    );
    expect(error.method).toBe("publish");
    expect(error.maybeExecuted).toBe(false);
    const outcome = await data["~standard"].validate(bad);
    expect(error.issues?.map(({ message }) => message)).toEqual(
      outcome.issues?.map(({ message }) => message),
    );
    expect(error.issues).toHaveLength(2);
    expect(JSON.stringify(error)).not.toContain("issues");
    expect(server.calls).toEqual([]);
  });
});

const channels = defineChannels({
  "order:*": { data: order.zod },
  news: { data: z.strictObject({ title: z.string() }) },
  "free:*": { data: z.unknown() },
});

describe("the field of bad data", () => {
  test.each(["alone", "with batching"])("publish names the field, %s", async (how) => {
    const { cent, server } = clientWith(channels, how === "with batching");
    const [published, refused] = await Promise.allSettled([
      cent.publish({ channel: "order:1", data: good }),
      cent.publish({ channel: "news", data: { title: 1 } }),
    ]);
    expect(published.status).toBe("fulfilled");
    expect(refused).toMatchObject({ reason: { field: "data.title", method: "publish" } });
    expect(server.calls).toHaveLength(1);
  });

  test("broadcast gives the data to the schema of each channel", async () => {
    const { cent, server } = clientWith(channels);
    const error = await refusal(cent.broadcast({ channels: ["free:1", "news", "order:1"], data: good }));
    expect(error.field).toBe("data.title");
    expect(error.message).toContain("(schema of news, 1 more issue)");
    expect(server.calls).toEqual([]);
  });

  test("batch names the command", async () => {
    const { cent, server } = clientWith(channels);
    const commands = [
      { publish: { channel: "order:1", data: good } },
      { presence: { channel: "anything" } },
      { publish: { channel: "order:1", data: bad } },
    ];
    const error = await refusal(cent.batch({ commands } as never));
    expect(error.field).toBe("commands[2].publish.data.items[2].price");
    const unknown = await refusal(cent.batch({ commands: [{ history: { channel: "other" } }] }));
    expect(unknown.field).toBe("commands[0].history.channel");
    expect(server.calls).toEqual([]);
  });

  test("publishMany makes bad data the error of the item", async () => {
    const { cent, server } = clientWith(channels);
    const items = await itemsOf(
      cent.publishMany([
        { channel: "order:1", data: good },
        { channel: "order:1", data: bad },
        { channel: "other", data: 1 },
        { channel: "news", data: { title: "hi" } },
      ]),
    );
    expect(items.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    expect(items[1]).toMatchObject({ error: { field: "data.items[2].price", issues: [{}, {}] } });
    expect(items[2]).toMatchObject({ error: { field: "channel" } });
    expect(server.calls.map(({ request }) => request)).toMatchObject([
      { commands: [{ publish: { channel: "order:1" } }, { publish: { channel: "news" } }] },
    ]);
  });

  test("broadcastMany makes bad data the error of the channels whose schemas refuse it", async () => {
    const { cent } = clientWith(channels);
    const items = await itemsOf(cent.broadcastMany(["order:1", "news", "order:2", "other"], { data: good }));
    expect(items.map(({ ok }) => ok)).toEqual([true, false, true, false]);
    expect(items[1]).toMatchObject({ index: 1, error: { method: "broadcast" } });
    expect(items[3]).toMatchObject({ error: { field: "channels[3]" } });
  });
});

describe("an unknown channel", () => {
  test.each<[string, (cent: CentClient) => Promise<unknown>, string]>([
    ["publish", (cent) => cent.publish({ channel: "new", data: 1 }), "publish: channel"],
    [
      "broadcast",
      (cent) => cent.broadcast({ channels: ["news", "new"], data: { title: "hi" } }),
      "broadcast: channels[1]",
    ],
    ["history", (cent) => cent.history({ channel: "new" }), "history: channel"],
  ])("%s refuses it, and says what is defined", async (_name, call, place) => {
    const { cent, server } = clientWith(channels);
    const error = await refusal(call(cent));
    expect(error.message).toBe(`${place}: nothing is defined for new; did you mean news?`);
    expect(server.calls).toEqual([]);
  });

  test("the error lists the patterns if none is near", async () => {
    const { cent } = clientWith(channels);
    const error = await refusal(cent.history({ channel: "something else" }));
    expect(error.message).toBe(
      "history: channel: nothing is defined for something else; expected one of order:*, news, free:*",
    );
  });

  test('unknown: "allow" sends any data, but checks that of defined channels', async () => {
    const { cent, server } = clientWith(defineChannels(channels.definitions, { unknown: "allow" }));
    await cent.publish({ channel: "new", data: 1 });
    await cent.broadcast({ channels: ["new", "other:1"], data: 1 });
    await refusal(cent.publish({ channel: "news", data: 1 }));
    expect(server.calls).toHaveLength(2);
  });

  test("other methods take any channel", async () => {
    const { cent } = clientWith(channels);
    await expect(cent.unsubscribe({ channel: "new", user: "42" })).resolves.toBeDefined();
  });
});

describe("publish", () => {
  test("the caller's data is sent, not the output of the schema", async () => {
    const data = z.object({
      at: z.iso.datetime().transform((text) => new Date(text)),
      n: z.number().default(7),
    });
    const { cent, server } = clientWith(defineChannels({ news: { data } }));
    await cent.publish({ channel: "news", data: { at: "2026-01-01T00:00:00Z" } });
    expect(server.calls[0]?.request).toMatchObject({ data: { at: "2026-01-01T00:00:00Z" } });
    expect(server.calls[0]?.request).not.toHaveProperty("data.n");
  });

  test("the schema sees the JSON that readers get", async () => {
    const { cent } = clientWith(
      defineChannels({
        date: { data: z.object({ at: z.date() }) },
        text: { data: z.object({ at: z.string() }) },
      }),
    );
    expect((await refusal(cent.publish({ channel: "date", data: { at: new Date(0) } }))).field).toBe(
      "data.at",
    );
    await cent.publish({ channel: "text", data: { at: new Date(0) } });
  });

  test("the schema sees data as json.parse of the client gives it", async () => {
    const json = {
      stringify: (value: unknown) =>
        JSON.stringify(value, (_key, one) => (typeof one === "bigint" ? { integer: `${one}` } : one)),
      parse: (text: string) =>
        JSON.parse(text, (_key, one) => (one?.integer === undefined ? one : BigInt(one.integer))),
    };
    const defined = defineChannels({ news: { data: z.bigint() } }, { validate: "both" });
    const config = { channel: { without_namespace: { history_size: 9, history_ttl: "9s" } } };
    const { client } = createTestClient({ client: { channels: defined, json }, config });
    await client.publish({ channel: "news", data: 12n });
    const { publications } = await client.history({ channel: "news", limit: -1 });
    expect(publications[0]?.data).toBe(12n);
  });

  test("a schema takes bytes as a Uint8Array", async () => {
    const { cent, server } = clientWith(defineChannels({ news: { data: z.instanceof(Uint8Array) } }));
    await cent.publish({ channel: "news", data: new Uint8Array([255]) });
    await refusal(cent.publish({ channel: "news", data: "text" }));
    expect(server.calls).toHaveLength(1);
  });
});

describe("a schema that does not work", () => {
  const schema = (validate: (value: unknown) => unknown) =>
    defineChannels({ news: { data: { "~standard": { version: 1, vendor: "test", validate } } as never } });

  test.each<[string, Parameters<typeof clientWith>[0], string]>([
    [
      "of zod that answers with a promise",
      defineChannels({ news: { data: z.string().refine(async () => false) } }),
      "publish: data: the schema of news answers with a promise; it must answer at once, as a request is encoded when the call is made",
    ],
    [
      "whose promise rejects",
      schema(() => Promise.reject(new Error("late"))),
      "publish: data: the schema of news answers with a promise; it must answer at once",
    ],
    [
      "that throws",
      schema(() => {
        throw new Error("no database");
      }),
      "publish: data: the schema of news failed: no database",
    ],
    [
      "that gives nothing",
      schema(() => undefined),
      "publish: data: the schema of news gave neither a value nor issues",
    ],
    [
      "with issues of another kind",
      schema(() => ({ value: 1, issues: "some" })),
      "gave neither a value nor issues",
    ],
    [
      "with an empty list of issues",
      schema(() => ({ issues: [] })),
      "publish: data: refused (schema of news)",
    ],
  ])("%s is a CentRequestError", async (_name, defined, message) => {
    const { cent, server } = clientWith(defined);
    expect((await refusal(cent.publish({ channel: "news", data: "hi" }))).message).toContain(message);
    expect(server.calls).toEqual([]);
  });

  test("the error shows its words in one line", async () => {
    const issue = { message: "not\nthis", path: [{ key: "a\nb" }, Symbol("c"), 0] };
    const { cent } = clientWith(schema(() => ({ issues: [issue] })));
    const error = await refusal(cent.publish({ channel: "news", data: "hi" }));
    expect(error.message).toBe("publish: data.a\\x0ab.Symbol(c)[0]: not\\x0athis (schema of news)");
    expect(error.issues).toEqual([issue]);
  });
});

test.each<unknown>([
  {},
  { find: () => undefined },
  { find: () => undefined, validate: "sent" },
  "news",
  { news: { data: z.string() } },
])("createClient refuses channels that defineChannels has not made: %j", (given) => {
  const create = () => createClient({ url: "http://localhost:8000/api", channels: given as never });
  expect(create).toThrow("channels: expected the channels that defineChannels makes");
});
