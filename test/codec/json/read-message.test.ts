import { describe, expect, test } from "vitest";
import {
  BatchResponseSchema,
  BroadcastRequestSchema,
  ChannelsResultSchema,
  ConnectionsResultSchema,
  HistoryResponseSchema,
  PresenceResultSchema,
  PublicationSchema,
  PublishRequestSchema,
  PublishResponseSchema,
  SubscribeRequestSchema,
} from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";
import { JsonReadError } from "../../../src/codec/path-error.ts";

const publication = (json: string) => readMessage(PublicationSchema, json);
const publish = (json: string) => readMessage(PublishRequestSchema, json);

describe("names", () => {
  test("a field's name is read in any case", () => {
    expect(publish('{"Channel":"a","VERSION_EPOCH":"e","b64Data":"x"}')).toMatchObject({
      channel: "a",
      versionEpoch: "e",
      b64data: "x",
    });
  });

  test("a field's name in camelCase is unknown", () => {
    expect(publish('{"skipHistory":true}').skipHistory).toBe(false);
    expect(publish('{"skip_history":true}').skipHistory).toBe(true);
  });

  test("an escaped name is the same name", () => {
    expect(publish(String.raw`{"\u0063hannel":"a"}`).channel).toBe("a");
  });

  test("an unknown field is skipped with any value", () => {
    const values = ["1", "-1.5e+3", "true", "null", '"a\\"}{"', "[]", '{"a":[{"b":"]"}]}', " [ 1 , { } ] "];
    for (const value of values) {
      expect(publish(`{"nope":${value},"channel":"a"}`).channel, value).toBe("a");
    }
  });

  test("an unknown field without JSON is refused", () => {
    for (const value of [
      "01",
      "tru",
      "nulll",
      "'a'",
      "[1,]",
      "{a:1}",
      '{"a" 1}',
      '"\u0001"',
      "1.",
      "[1 2]",
      "",
    ]) {
      expect(() => publish(`{"nope":${value},"channel":"a"}`), value).toThrow(JsonReadError);
    }
  });

  test("a name from Object.prototype is unknown", () => {
    expect(publish('{"__proto__":{"channel":"x"},"constructor":1,"toString":2}')).toEqual(publish("{}"));
  });

  test("the last value counts if a name occurs twice", () => {
    expect(publish('{"channel":"a","channel":"b"}').channel).toBe("b");
    expect(publication('{"data":1,"data":{"a":2}}').data).toEqual(new JsonBytes('{"a":2}'));
    expect(readMessage(BroadcastRequestSchema, '{"channels":["a","b"],"channels":["c"]}').channels).toEqual([
      "c",
    ]);
  });
});

describe("data before an expected member", () => {
  /** The first publication has its offset right after its data, so the reader expects this again. */
  const after = (publication: string) => {
    const text = `{"result":{"publications":[{"data":{},"offset":1},${publication},{"data":[3],"offset":3}]}}`;
    const [, one, last] =
      readMessage(HistoryResponseSchema, text, new TextEncoder().encode(text)).result?.publications ?? [];
    expect(last).toMatchObject({ data: new JsonBytes("[3]"), offset: 3n });
    return one;
  };

  test.each([
    "{}",
    "1",
    "null",
    '""',
    '"\\u00e9"',
    "[]",
    '{"a":{"b":[1]}}',
    '{"offset":1}',
    '{"a":1,"offset":1}',
    '{"a":{},"offset":{"b":1,"offset":2}}',
    '[{"a":"}","offset":1},2]',
    '",\\"offset\\":1"',
    '{"é":1,"offset":1}',
  ])("data is read completely if it is %s", (data) => {
    const read = (members: string) => {
      const { data: bytes, ...others } = after(`{"data":${data}${members}}`) ?? {};
      expect(bytes).toEqual(new JsonBytes(data));
      expect(bytes).toMatchObject({ text: data, value: JSON.parse(data) });
      return others;
    };
    expect(read(',"offset":2')).toMatchObject({ offset: 2n, tags: {} });
    expect(read(' ,"offset":2')).toMatchObject({ offset: 2n, tags: {} });
    expect(read("")).toMatchObject({ offset: 0n, tags: {} });
    expect(read(',"tags":{"a":"b"},"offset":2')).toMatchObject({ offset: 2n, tags: { a: "b" } });
  });

  test.each(["{", '{"a":}', "1 2", "", '{"a":1}}', "[1"])("data is refused if it is %s", (data) => {
    expect(() => after(`{"data":${data},"offset":2}`)).toThrow(JsonReadError);
  });
});

describe("null", () => {
  test("a field of null is an absent field", () => {
    const all = '{"offset":null,"tags":null,"info":null}';
    expect(publication(all)).toEqual(publication("{}"));
    expect(readMessage(BroadcastRequestSchema, '{"channels":null,"parallel":null}').channels).toEqual([]);
  });

  test("an element of null in a list or map is empty", () => {
    expect(readMessage(BroadcastRequestSchema, '{"channels":[null,"a"]}').channels).toEqual(["", "a"]);
    expect(publication('{"tags":{"a":null}}').tags).toEqual({ a: "" });
    expect(readMessage(BatchResponseSchema, '{"replies":[null]}').replies).toEqual(
      readMessage(BatchResponseSchema, '{"replies":[{}]}').replies,
    );
  });

  test("a bytes field of null has the JSON null", () => {
    const { data } = publication('{"data":null}');
    expect(data).toBeInstanceOf(JsonBytes);
    expect(data).toEqual(new JsonBytes("null"));
  });

  test("a text of null is an empty message", () => {
    expect(publication("null")).toEqual(publication("{}"));
  });
});

describe("bytes", () => {
  test("bytes keep their JSON as it is written, with white space", () => {
    const written = '{ "b" : 1.0,\n\t"a":12345678901234567890, "z":1e400 , "u":"\\u00e9é" , "b" :2}';
    const { data } = publication(`{"data":  ${written}  ,"offset":1}`);
    expect(data).toBeInstanceOf(JsonBytes);
    expect(new TextDecoder().decode(data)).toBe(written);
    expect((data as JsonBytes).text).toBe(written);
    expect((data as JsonBytes).value).toEqual(JSON.parse(written));
  });

  test("bytes take any JSON value", () => {
    for (const written of [
      '"a"',
      '""',
      "0",
      "-0",
      "1e5",
      "true",
      "false",
      "null",
      "[]",
      "{}",
      '[[],{"a":"}"}]',
    ]) {
      expect((publication(`{"data":${written}}`).data as JsonBytes).text).toBe(written);
    }
  });

  test("bytes that are not JSON are refused, with their place", () => {
    for (const written of ["undefined", "{a:1}", "[1,]", '{"a":1,}', "01", "'a'", '"\t"', "[}", "{]"]) {
      expect(() => publication(`{"data":${written}}`), written).toThrow(/^data: /);
    }
  });
});

describe("lists, maps and messages", () => {
  test("messages, maps and bytes may be nested", () => {
    const json = `{ "connections" : { "c1" : { "user" : "u", "state" : { "channels" : { "a" : { "source" : 1 } } ,
      "meta" : { "x" : [ 1 ] } } , "connected_at_ms" : 1795460741161 , "labels" : { "l" : "" } } , "c2" : { } } }`;
    const { connections } = readMessage(ConnectionsResultSchema, json);
    expect(Object.keys(connections)).toEqual(["c1", "c2"]);
    expect(connections.c1).toMatchObject({ user: "u", connectedAtMs: 1795460741161n, labels: { l: "" } });
    expect(connections.c1?.state?.channels.a?.source).toBe(1);
    expect(connections.c1?.state?.meta).toEqual(new JsonBytes('{ "x" : [ 1 ] }'));
  });

  test('a map may have any key, also "__proto__"', () => {
    const { channels } = readMessage(
      ChannelsResultSchema,
      '{"channels":{"__proto__":{"num_clients":1},"":{}}}',
    );
    expect(Object.keys(channels)).toEqual(["__proto__", ""]);
    expect(Object.getOwnPropertyDescriptor(channels, "__proto__")?.value).toMatchObject({ numClients: 1 });
    expect(Object.getPrototypeOf(channels)).toBe(Object.prototype);
  });

  test("an escaped key of a map is unescaped", () => {
    expect(publication(String.raw`{"tags":{"\"\ud83d\ude00":"x"}}`).tags).toEqual({ '"😀': "x" });
  });

  test("lists, maps and messages of another type are refused", () => {
    expect(() => readMessage(BroadcastRequestSchema, '{"channels":"a"}')).toThrow('channels: expected "["');
    expect(() => readMessage(BroadcastRequestSchema, '{"channels":[1]}')).toThrow(
      "channels[0]: expected a string",
    );
    expect(() => publication('{"tags":["a"]}')).toThrow("tags: expected an object");
    expect(() => publication('{"tags":{"a":1}}')).toThrow("tags.a: expected a string, got 1");
    expect(() => publication('{"info":[]}')).toThrow("info: expected an object");
    expect(() => readMessage(SubscribeRequestSchema, '{"override":{"presence":true}}')).toThrow(
      "override.presence: expected an object, got true",
    );
  });

  test("an error names the place of a wrong value", () => {
    const reply = '{"result":{"publications":[{"offset":1},{"offset":"2"}]}}';
    expect(() => readMessage(HistoryResponseSchema, reply)).toThrow(
      'result.publications[1].offset: expected an unsigned 64-bit integer, got "2" at position 50',
    );
    expect(() => readMessage(PresenceResultSchema, '{"presence":{"c":{"user":7}}}')).toThrow(
      "presence.c.user: expected a string, got 7 at position 25",
    );
  });

  test("an error shows 40 characters of a wrong value", () => {
    expect(() => publish(`{"version":"${"x".repeat(1000)}"}`)).toThrow(/got "x{39}… at position 11$/);
  });
});

test("a reply that is not an object is refused", () => {
  for (const json of [
    "[]",
    "1",
    '"a"',
    "true",
    "",
    " ",
    "undefined",
    "<html>",
    "\ufeff{}",
    "404 page not found",
  ]) {
    expect(() => readMessage(PublishResponseSchema, json), json).toThrow(JsonReadError);
  }
});

test("text after the reply is refused, white space is not", () => {
  expect(readMessage(PublishResponseSchema, ' \n{"result":{}} \r\n\t')).toEqual(
    readMessage(PublishResponseSchema, '{"result":{}}'),
  );
  for (const more of ["x", "{}", ",", "null", "\u00a0", "\u0000"]) {
    expect(() => readMessage(PublishResponseSchema, `{"result":{}}${more}`), more).toThrow("more text after");
    expect(() => readMessage(PublishResponseSchema, `null${more}`), more).toThrow(JsonReadError);
  }
});
