import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { UninterpretedOptionSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import {
  ChannelsResultSchema,
  ConnectionsResultSchema,
  HistoryResultSchema,
  InfoResultSchema,
  MapPublishResultSchema,
  MapReadStateResultSchema,
  PresenceResultSchema,
  PublicationSchema,
  RPCResultSchema,
} from "#api";
import { decodeMessage } from "../../src/codec/decode-message.ts";
import type { Int64 } from "../../src/codec/integers.ts";
import { JsonBytes } from "../../src/codec/json-bytes.ts";
import { setEntry } from "../../src/codec/message-fields.ts";
import { PathError } from "../../src/codec/path-error.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { messageOf } from "../harness/result-of.ts";

function decode<Desc extends DescMessage>(
  schema: Desc,
  init: MessageInitShape<Desc>,
  int64: Int64 = "number",
): object {
  const options = { payload: createPayload(undefined), int64, item: () => undefined };
  return decodeMessage(schema, create(schema, init), options);
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a result", () => {
  test("a result without fields has its scalars, lists and maps, and nothing else", () => {
    expect(decode(HistoryResultSchema, {})).toStrictEqual(
      messageOf("HistoryResult", { publications: [], epoch: "", offset: 0 }),
    );
    expect(decode(PresenceResultSchema, {})).toStrictEqual(messageOf("PresenceResult", { presence: {} }));
    expect(decode(MapPublishResultSchema, {})).toStrictEqual(
      messageOf("MapPublishResult", {
        offset: 0,
        epoch: "",
        suppressed: false,
        suppressReason: "",
      }),
    );
    expect(decode(RPCResultSchema, {})).toStrictEqual(messageOf("RPCResult"));
  });

  test("a result lacks absent messages and empty bytes", () => {
    const publication = decode(PublicationSchema, { offset: 1n });
    expect(publication).toStrictEqual(messageOf("Publication", { offset: 1, tags: {} }));
    expect("info" in publication || "data" in publication).toBe(false);
    expect(decode(PublicationSchema, { data: new Uint8Array(), info: {} })).toStrictEqual(
      messageOf("Publication", {
        info: { user: "", client: "" },
        offset: 0,
        tags: {},
      }),
    );
  });

  test("a result has empty bytes if the field tells them from absent ones", () => {
    expect(decode(UninterpretedOptionSchema, { stringValue: new Uint8Array() })).toHaveProperty(
      "stringValue",
    );
    expect(decode(UninterpretedOptionSchema, {})).not.toHaveProperty("stringValue");
  });

  test("a result has only plain objects, for JSON.stringify and structuredClone", () => {
    const result = decode(ConnectionsResultSchema, {
      connections: {
        c: {
          user: "u",
          state: { channels: { a: { source: 1 } }, meta: bytes('{"m":1}') },
          connectedAtMs: 5n,
        },
      },
    });
    expect(result).toStrictEqual(
      messageOf("ConnectionsResult", {
        connections: {
          c: {
            appName: "",
            appVersion: "",
            transport: "",
            protocol: "",
            user: "u",
            state: { channels: { a: { source: 1 } }, subscriptionTokens: {}, meta: { m: 1 } },
            connectedAtMs: 5,
            pingPongLatencyMs: 0,
            labels: {},
          },
        },
      }),
    );
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(structuredClone(result)).toEqual(result);
    expect(JSON.stringify(result)).not.toContain("typeName");
  });

  test("a result has doubles as they are", () => {
    const metrics = { interval: 0.1, items: { a: -1.5e-9, b: 1e21 } };
    expect(decode(InfoResultSchema, { nodes: [{ metrics }] })).toMatchObject({ nodes: [{ metrics }] });
  });

  test('a map of a result may have the key "__proto__"', () => {
    const channels = {};
    setEntry(channels, "__proto__", create(ChannelsResultSchema.fields[0]?.message as DescMessage));
    const result = decode(ChannelsResultSchema, { channels }) as { channels: object };
    expect(Object.entries(result.channels)).toEqual([
      ["__proto__", messageOf("ChannelInfo", { numClients: 0 })],
    ]);
    expect(Object.getPrototypeOf(result.channels)).toBe(Object.prototype);
  });
});

describe("bytes", () => {
  test("bytes become parsed JSON, also falsy values", () => {
    for (const value of [null, 0, "", false, {}, [1, { a: "é" }]]) {
      const text = JSON.stringify(value);
      expect(decode(RPCResultSchema, { data: bytes(text) })).toStrictEqual(
        messageOf("RPCResult", { data: value }),
      );
      expect(decode(RPCResultSchema, { data: new JsonBytes(text) })).toStrictEqual(
        messageOf("RPCResult", { data: value }),
      );
    }
  });

  test("bytes that are not JSON become a Uint8Array", () => {
    expect(decode(RPCResultSchema, { data: new Uint8Array([0, 255]) })).toStrictEqual(
      messageOf("RPCResult", {
        data: new Uint8Array([0, 255]),
      }),
    );
    expect(decode(RPCResultSchema, { data: bytes("not json") })).toStrictEqual(
      messageOf("RPCResult", { data: bytes("not json") }),
    );
  });
});

describe("64-bit integers", () => {
  const state = { offset: 3n, entries: [{ offset: 1n, time: 1795460741161n, score: -1n }] };

  test("64-bit integers are numbers by default", () => {
    expect(decode(MapReadStateResultSchema, state)).toMatchObject({
      offset: 3,
      entries: [{ offset: 1, time: 1795460741161, score: -1 }],
    });
  });

  test('all 64-bit integers are bigint with int64: "bigint", and 32-bit integers are not', () => {
    expect(decode(MapReadStateResultSchema, state, "bigint")).toMatchObject({
      offset: 3n,
      entries: [{ offset: 1n, time: 1795460741161n, score: -1n }],
    });
    expect(decode(HistoryResultSchema, { offset: 2n ** 64n - 1n }, "bigint")).toMatchObject({
      offset: 18446744073709551615n,
    });
    expect(decode(PresenceResultSchema, {}, "bigint")).toEqual(
      messageOf("PresenceResult", { presence: {} }, "bigint"),
    );
    expect(decode(ChannelsResultSchema, { channels: { a: { numClients: 1 } } }, "bigint")).toEqual(
      messageOf(
        "ChannelsResult",
        {
          channels: { a: { numClients: 1 } },
        },
        "bigint",
      ),
    );
  });

  test("an integer that a number cannot hold throws an error with its place and the option", () => {
    const unsafe = { entries: [{}, { time: 9007199254740993n }] };
    expect(() => decode(MapReadStateResultSchema, unsafe)).toThrow(PathError);
    expect(() => decode(MapReadStateResultSchema, unsafe)).toThrow(
      'entries[1].time: a number cannot hold 9007199254740993 exactly; create the client with int64: "bigint"',
    );
    const inMap = { connections: { c: { state: { connectionToken: { issuedAt: -(2n ** 53n) } } } } };
    expect(() => decode(ConnectionsResultSchema, inMap)).toThrow(
      "connections.c.state.connectionToken.issuedAt: a number cannot hold -9007199254740992",
    );
  });
});

test("a oneof of a newer schema keeps its form", () => {
  expect(decode(ValueSchema, { kind: { case: "stringValue", value: "a" } })).toEqual({
    kind: { case: "stringValue", value: "a" },
  });
  expect(decode(ValueSchema, { kind: { case: "listValue", value: { values: [{}] } } })).toEqual({
    kind: { case: "listValue", value: { values: [{ kind: { case: undefined } }] } },
  });
});

test("the option item decodes the messages of a list", () => {
  const options = {
    payload: createPayload(undefined),
    int64: "number" as const,
    item: (schema: DescMessage) => (schema === PublicationSchema ? () => "an item" : undefined),
  };
  const message = create(HistoryResultSchema, { publications: [{}, {}], offset: 2n });
  expect(decodeMessage(HistoryResultSchema, message, options)).toEqual(
    messageOf("HistoryResult", {
      publications: ["an item", "an item"],
      epoch: "",
      offset: 2,
    }),
  );
});
