import type { DescField, DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { FieldDescriptorProtoSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import {
  BatchRequestSchema,
  BoolValueSchema,
  BroadcastRequestSchema,
  ChannelsResultSchema,
  ErrorSchema,
  HistoryRequestSchema,
  HistoryResultSchema,
  MapEntrySchema,
  MapPublishRequestSchema,
  MetricsSchema,
  PresenceStatsResultSchema,
  PublicationSchema,
  PublishRequestSchema,
  PublishResponseSchema,
  SubscribeRequestSchema,
} from "#api";
import type { JsonWriteOptions } from "../../../src/codec/json/write-message.ts";
import { writeMessage } from "../../../src/codec/json/write-message.ts";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";
import { setEntry } from "../../../src/codec/message-fields.ts";
import { JsonWriteError } from "../../../src/codec/path-error.ts";
import { recordedInput } from "../../harness/schema-release.ts";

/** Its info has no base64 sibling. A newer schema may have one. */
const refreshRequest = recordedInput("refresh");

function write<Desc extends DescMessage>(
  schema: Desc,
  init: MessageInitShape<Desc>,
  options?: JsonWriteOptions,
): string {
  return writeMessage(schema, create(schema, init), options);
}

describe("fields", () => {
  test("fields have the schema's names and order", () => {
    const json = write(PublishRequestSchema, {
      versionEpoch: "e",
      version: 1n,
      skipHistory: true,
      idempotencyKey: "k",
      data: new JsonBytes("1"),
      channel: "a",
    });
    expect(json).toBe(
      '{"channel":"a","data":1,"skip_history":true,"idempotency_key":"k","version":1,"version_epoch":"e"}',
    );
  });

  test("fields with their zero value are left out", () => {
    const empty = { channel: "", skipHistory: false, tags: {}, version: 0n, data: new Uint8Array() };
    expect(write(PublishRequestSchema, empty)).toBe("{}");
    expect(write(BroadcastRequestSchema, { channels: [] })).toBe("{}");
    expect(write(HistoryRequestSchema, { limit: 0 })).toBe("{}");
    expect(write(MetricsSchema, { interval: 0, items: {} })).toBe("{}");
  });

  test("fields that tell zero from absent are written with their zero value", () => {
    expect(write(FieldDescriptorProtoSchema, { name: "", number: 0, label: 1 })).toBe(
      '{"name":"","number":0,"label":1}',
    );
    expect(write(FieldDescriptorProtoSchema, {})).toBe("{}");
    expect(write(ValueSchema, { kind: { case: "stringValue", value: "" } })).toBe('{"string_value":""}');
    expect(write(ValueSchema, {})).toBe("{}");
  });

  test("fields with a message are written, also with an empty one", () => {
    expect(write(PublishResponseSchema, { result: {} })).toBe('{"result":{}}');
    expect(
      write(SubscribeRequestSchema, { override: { presence: { value: false }, joinLeave: { value: true } } }),
    ).toBe('{"override":{"presence":{},"join_leave":{"value":true}}}');
    expect(write(BatchRequestSchema, { commands: [{ info: {} }, {}], parallel: true })).toBe(
      '{"commands":[{"info":{}},{}],"parallel":true}',
    );
  });

  test("alwaysPresent adds fields with their zero value", () => {
    const names = new Set([
      "publications",
      "offset",
      "epoch",
      "num_clients",
      "num_users",
      "channels",
      "value",
    ]);
    const options = { alwaysPresent: (field: DescField) => names.has(field.name) };
    expect(write(HistoryResultSchema, {}, options)).toBe('{"publications":[],"epoch":"","offset":0}');
    expect(write(PresenceStatsResultSchema, { numUsers: 1 }, options)).toBe(
      '{"num_clients":0,"num_users":1}',
    );
    expect(write(ChannelsResultSchema, {}, options)).toBe('{"channels":{}}');
    expect(write(BoolValueSchema, {}, options)).toBe('{"value":false}');
    expect(write(PublicationSchema, {}, { alwaysPresent: ({ name }) => name === "info" })).toBe("{}");
  });
});

describe("scalars", () => {
  test("integers are written without quotes, and exact", () => {
    expect(write(PublishRequestSchema, { version: 18446744073709551615n })).toBe(
      '{"version":18446744073709551615}',
    );
    expect(write(PublishRequestSchema, { version: 9007199254740993n })).toBe('{"version":9007199254740993}');
    expect(write(MapEntrySchema, { score: -9223372036854775808n, time: 9223372036854775807n })).toBe(
      '{"score":-9223372036854775808,"time":9223372036854775807}',
    );
    expect(write(HistoryRequestSchema, { limit: -2147483648 })).toBe('{"limit":-2147483648}');
    expect(write(ErrorSchema, { code: 4294967295 })).toBe('{"code":4294967295}');
  });

  test("doubles are written as numbers", () => {
    const written = (interval: number) => write(MetricsSchema, { interval });
    expect(written(60)).toBe('{"interval":60}');
    expect(written(0.1 + 0.2)).toBe('{"interval":0.30000000000000004}');
    expect(written(-0)).toBe('{"interval":-0}');
    expect(JSON.parse(written(1e21))).toEqual({ interval: 1e21 });
    expect(JSON.parse(written(-5e-324))).toEqual({ interval: -5e-324 });
  });

  test("NaN and Infinity are refused, with their place", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => write(MetricsSchema, { interval: value })).toThrow(JsonWriteError);
      expect(() => write(MetricsSchema, { interval: value })).toThrow(
        `interval: ${value} has no form in JSON`,
      );
      expect(() => write(MetricsSchema, { items: { a: 1, b: value } })).toThrow(
        `items.b: ${value} has no form`,
      );
    }
  });

  test("strings have only the escapes that JSON needs", () => {
    expect(write(PublishRequestSchema, { channel: '"\\/\b\f\n\r\t\u0000\u007fé😀<&>\u2028' })).toBe(
      '{"channel":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\u007fé😀<&>\u2028"}',
    );
  });

  test("half a surrogate pair is escaped, because UTF-8 cannot carry it", () => {
    expect(write(PublishRequestSchema, { channel: "a\ud800b" })).toBe(String.raw`{"channel":"a\ud800b"}`);
  });
});

describe("maps", () => {
  const keys = (json: string) => [...json.matchAll(/"([^"]*)":"v"/g)].map(([, key]) => key);
  const tags = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "v"]));

  test("maps are sorted by the UTF-8 bytes of their keys, as on the server", () => {
    const names = [
      "\uffee",
      "😀",
      "b",
      "",
      "é",
      "a",
      "ab",
      "B",
      "10",
      "9",
      "\ud7ff",
      "\ue000",
      "😁",
      "a\u0000",
    ];
    const bytes = (name: string) => Buffer.from(name);
    const sorted = [...names].sort((left, right) => Buffer.compare(bytes(left), bytes(right)));
    const written = write(PublishRequestSchema, { tags: tags(...names) });
    expect(keys(written)).toEqual(sorted.map((name) => JSON.stringify(name).slice(1, -1)));
    expect(JSON.parse(written)).toEqual({ tags: tags(...names) });
  });

  test('maps may have the key "__proto__"', () => {
    const map: Record<string, string> = {};
    setEntry(map, "__proto__", "v");
    setEntry(map, "a", "v");
    expect(write(PublishRequestSchema, { tags: map })).toBe('{"tags":{"__proto__":"v","a":"v"}}');
  });

  test("maps have their keys escaped", () => {
    expect(write(PublishRequestSchema, { tags: { '"\n': "" } })).toBe(String.raw`{"tags":{"\"\n":""}}`);
  });
});

describe("bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("JsonBytes are written as their text", () => {
    const text = ' {"b" : 1.0, "a":[1e400,12345678901234567890] }';
    expect(write(PublishRequestSchema, { data: new JsonBytes(text) })).toBe(`{"data":${text}}`);
  });

  test("other bytes go to the base64 sibling, JSON or not", () => {
    expect(write(PublishRequestSchema, { data: new Uint8Array([0, 255, 1]) })).toBe('{"b64data":"AP8B"}');
    expect(write(PublishRequestSchema, { data: bytes('"b64"') })).toBe('{"b64data":"ImI2NCI="}');
    expect(write(PublishRequestSchema, { data: Buffer.from([255, 254, 253, 252]) })).toBe(
      '{"b64data":"//79/A=="}',
    );
    expect(
      write(SubscribeRequestSchema, { info: new Uint8Array([1]), data: new JsonBytes("{}"), channel: "a" }),
    ).toBe('{"channel":"a","b64info":"AQ==","data":{}}');
    expect(write(MapPublishRequestSchema, { streamData: new Uint8Array([1]) })).toBe(
      '{"b64stream_data":"AQ=="}',
    );
    expect(write(BatchRequestSchema, { commands: [{ publish: { data: new Uint8Array([1]) } }] })).toBe(
      '{"commands":[{"publish":{"b64data":"AQ=="}}]}',
    );
  });

  test("bytes without a sibling are embedded if they are JSON", () => {
    expect(write(refreshRequest, { info: bytes('{ "a":1}') })).toBe('{"info":{ "a":1}}');
    expect(write(refreshRequest, { info: new JsonBytes("null") })).toBe('{"info":null}');
  });

  test("bytes without a sibling are refused if they are not JSON", () => {
    for (const binary of [
      new Uint8Array([0, 255]),
      bytes("not json"),
      bytes("\ufeff1"),
      new Uint8Array([34, 255, 34]),
    ]) {
      expect(() => write(refreshRequest, { info: binary })).toThrow(JsonWriteError);
      expect(() => write(refreshRequest, { info: binary })).toThrow("info: cannot carry binary data as JSON");
    }
    expect(() =>
      write(recordedInput("batch"), {
        commands: [{}, { refresh: { info: new Uint8Array([1]) } }],
      }),
    ).toThrow(/^commands\[1\]\.refresh\.info: cannot carry binary data/);
  });

  test("rawJson gives the text of bytes", () => {
    const seen: string[] = [];
    const rawJson = (value: Uint8Array, field: DescField) => {
      seen.push(field.name);
      return `[${value.join(",")}]`;
    };
    expect(
      write(SubscribeRequestSchema, { info: new Uint8Array([1]), data: new Uint8Array([2, 3]) }, { rawJson }),
    ).toBe('{"info":[1],"data":[2,3]}');
    expect(seen).toEqual(["info", "data"]);
  });

  test("an empty Uint8Array is left out, an empty JSON string is written", () => {
    expect(write(PublishRequestSchema, { data: new Uint8Array() })).toBe("{}");
    expect(write(PublishRequestSchema, { data: new JsonBytes('""') })).toBe('{"data":""}');
  });
});
