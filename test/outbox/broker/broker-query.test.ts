import { describe, expect, test } from "vitest";
import { CentRequestError } from "../../../src/index.ts";
import type { BrokerOptions } from "../../../src/outbox/index.ts";
import { brokerQueries, brokerQuery } from "../../../src/outbox/index.ts";

test("queries for channels of one kind lock no shards of the other", () => {
  const queries = brokerQueries([
    ["stream_publish", { channel: "a", data: 1 }],
    ["stream_publish", { channel: "b", data: 1 }],
  ]);
  expect(queries.map(({ text }) => / from (\w+)/.exec(text)?.[1])).toEqual([
    "cf_stream_shard_lock",
    "cf_stream_publish",
    "cf_stream_publish",
  ]);
});

describe("brokerQuery", () => {
  test("a query has the given arguments by their names, each with its SQL type", () => {
    const query = brokerQuery("stream_publish", {
      channel: "chat",
      data: { text: "hi" },
      tags: { k: "v" },
      historyTtlMs: 300_000,
      historySize: 10,
      version: 9223372036854775807n,
      idempotencyKey: "order-17",
      useDelta: true,
    });
    expect(query).toStrictEqual({
      text:
        "select * from cf_stream_publish(p_channel => $1::text, p_data => $2::text::jsonb, p_tags => $3::text::jsonb, " +
        "p_history_ttl => $4::text::interval, p_history_size => $5::integer, p_version => $6::bigint, " +
        "p_idempotency_key => $7::text, p_use_delta => $8::boolean)",
      values: [
        "chat",
        '{"text":"hi"}',
        '{"k":"v"}',
        "300000 milliseconds",
        10,
        "9223372036854775807",
        "order-17",
        true,
      ],
    });
  });

  test("a query has the prefix of the broker's tables", () => {
    const { text } = brokerQuery("stream_top_position", { channel: "chat" }, { tablePrefix: "app_" });
    expect(text).toBe("select * from app_stream_top_position(p_channel => $1::text)");
  });

  test("a prefix may end with underscores, and may have others inside", () => {
    const { text } = brokerQuery("stream_top_position", { channel: "chat" }, { tablePrefix: "my_app__" });
    expect(text).toContain("from my_app_stream_top_position(");
  });

  test("with binary, data travels as bytes: a Uint8Array as it is, all else as JSON", () => {
    const request = { channel: "c", key: "k", data: new Uint8Array([255, 0]), connInfo: { name: "é" } };
    const { text, values } = brokerQuery("map_publish", request, { binary: true });
    expect(text).toMatch(
      /^select \* from cf_binary_map_publish\(.*p_data => \$3::bytea, p_conn_info => \$4::bytea\)$/,
    );
    expect(values[2]).toStrictEqual(new Uint8Array([255, 0]));
    expect(values[3]).toStrictEqual(new Uint8Array(Buffer.from('{"name":"é"}')));
  });

  test("data is written by the caller's json", () => {
    const json = { stringify: () => '"mine"', parse: JSON.parse };
    expect(brokerQuery("stream_publish", { channel: "c", data: 1 }, { json }).values[1]).toBe('"mine"');
  });
});

describe("CentRequestError of brokerQuery", () => {
  const make = brokerQuery as (method: string, request: unknown, options?: unknown) => unknown;
  const publish = { channel: "c", data: 1 };

  test.each<[string, string, object | undefined, BrokerOptions?]>([
    ["stream_publish: channel: is required", "stream_publish", { data: 1 }],
    ["stream_publish: channel: must not be empty", "stream_publish", { channel: "", data: 1 }],
    ["stream_publish: data: is required", "stream_publish", { channel: "c" }],
    [
      "stream_publish: data: expected JSON; a Uint8Array needs a broker with binary_data",
      "stream_publish",
      { channel: "c", data: new Uint8Array(1) },
    ],
    [
      "stream_publish: data: has a string with the character 0",
      "stream_publish",
      { channel: "c", data: "\0" },
    ],
    [
      "stream_publish: versionEpoch: has the character 0",
      "stream_publish",
      { ...publish, versionEpoch: "\0" },
    ],
    [
      "stream_publish: historySize: expected an integer from 0 to 2147483647, got -1",
      "stream_publish",
      { ...publish, historySize: -1 },
    ],
    [
      "stream_publish: version: expected an integer from 0 to 9223372036854775807, got 9223372036854775808",
      "stream_publish",
      { ...publish, version: 2n ** 63n },
    ],
    ...["300s", -1, 0.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, 5n, null].map(
      (historyTtlMs): [string, string, object] => [
        "stream_publish: historyTtlMs: expected whole milliseconds from 0 to 9007199254740991, got ",
        "stream_publish",
        { ...publish, historyTtlMs },
      ],
    ),
    [
      "map_publish: keyTtlMs: expected whole milliseconds from 0 to 9007199254740991, got -1",
      "map_publish",
      { ...publish, key: "k", keyTtlMs: -1 },
    ],
    [
      "stream_publish: useDelta: expected true or false, got string",
      "stream_publish",
      { ...publish, useDelta: "no" },
    ],
    ['stream_publish: tags["a"]: expected a string, got 1', "stream_publish", { ...publish, tags: { a: 1 } }],
    [
      "stream_publish: historyTtl: unknown argument; did you mean historyTtlMs?",
      "stream_publish",
      { ...publish, historyTtl: 1 },
    ],
    ["stream_publish: expected an object, got undefined", "stream_publish", undefined],
    [
      "stream_publish: tablePrefix: expected a lower-case letter",
      "stream_publish",
      publish,
      { tablePrefix: "x; drop" },
    ],
    ["map_publish: key: is required", "map_publish", publish],
    [
      'map_publish: keyMode: expected "if_new" or "if_exists", got string',
      "map_publish",
      { ...publish, key: "k", keyMode: "new" },
    ],
    [
      "map_publish: metaTtlMs: needs keyTtlMs, and is not shorter than it",
      "map_publish",
      { ...publish, key: "k", metaTtlMs: 1 },
    ],
    [
      "map_publish_strict: metaTtlMs: needs keyTtlMs",
      "map_publish_strict",
      { ...publish, key: "k", keyTtlMs: 2, metaTtlMs: 1 },
    ],
    ["streamPublish: no such function; did you mean stream_publish?", "streamPublish", publish],
    ["constructor: no such function; expected one of stream_publish,", "constructor", publish],
  ])("brokerQuery says: %s", (message, method, request, options) => {
    expect(() => make(method, request, options)).toThrow(CentRequestError);
    expect(() => make(method, request, options)).toThrow(message);
  });
});

describe("brokerQueries", () => {
  test("several channels are locked in the order of their shards before the first call, each broker for itself", () => {
    const queries = brokerQueries([
      ["map_publish", { channel: "m", key: "k", data: 1 }],
      ["stream_publish", { channel: "b", data: 1 }],
      ["stream_publish", { channel: "a", data: 2 }],
      ["stream_publish", { channel: "b", data: 3 }],
    ]);
    expect(queries.map(({ text }) => text.replace(/\(p_.*/, ""))).toEqual([
      "select shard_id from cf_stream_shard_lock where shard_id in (select abs(hashtext(channel)::bigint) % (select count(*) " +
        "from cf_stream_shard_lock) from (values ($1::text), ($2::text)) as given (channel)) order by shard_id for update",
      expect.stringMatching(/^select shard_id from cf_map_shard_lock .* order by shard_id for update$/),
      "select * from cf_map_publish",
      "select * from cf_stream_publish",
      "select * from cf_stream_publish",
      "select * from cf_stream_publish",
    ]);
    expect(queries.slice(0, 2).map(({ values }) => values)).toEqual([["b", "a"], ["m"]]);
    expect(queries.slice(3).map(({ values }) => values)).toEqual([
      ["b", "1"],
      ["a", "2"],
      ["b", "3"],
    ]);
  });

  test("calls about one channel need no locks of their own, nor do reads", () => {
    const queries = brokerQueries([
      ["stream_publish", { channel: "a", data: 1 }],
      ["stream_publish", { channel: "a", data: 2 }],
      ["stream_top_position", { channel: "b" }],
    ]);
    expect(queries).toHaveLength(3);
  });

  test("one channel of each broker is locked, too, as the calls may come in another order", () => {
    const queries = brokerQueries([
      ["map_publish", { channel: "m", key: "k", data: 1 }],
      ["stream_publish", { channel: "s", data: 1 }],
    ]);
    expect(queries.map(({ values }) => values)).toEqual([["s"], ["m"], ["m", "k", "1"], ["s", "1"]]);
  });

  test("the locks are those of the binary tables if the broker has these", () => {
    const options = { binary: true, tablePrefix: "app" };
    const [lock] = brokerQueries(
      [
        ["stream_publish", { channel: "a", data: 1 }],
        ["stream_publish", { channel: "b", data: 1 }],
      ],
      options,
    );
    expect(lock?.text).toContain("from app_binary_stream_shard_lock");
  });

  test("an error has the place of the call", () => {
    expect(() => brokerQueries([["stream_publish", { channel: "", data: 1 }]])).toThrow(
      "stream_publish: calls[0].channel: must not be empty",
    );
  });

  test.each([undefined, "stream_publish", ["stream_publish", { channel: "a", data: 1 }]])(
    "brokerQueries refuses %o, which is no list of calls",
    (calls) => {
      const make = brokerQueries as (calls: unknown) => unknown;
      expect(() => make(calls)).toThrow(CentRequestError);
      expect(() => make(calls)).toThrow("brokerQueries: calls: expected an array of calls");
    },
  );
});
