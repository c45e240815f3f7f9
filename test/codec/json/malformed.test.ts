import { describe, expect, test } from "vitest";
import {
  BatchResponseSchema,
  HistoryResponseSchema,
  PublishRequestSchema,
  PublishResponseSchema,
  SubscribeRequestSchema,
} from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";
import { JsonReadError } from "../../../src/codec/path-error.ts";
import { CentDecodeError, createClient } from "../../../src/index.ts";
import { isJson } from "../../harness/is-json.ts";

const reply = String.raw`{ "replies" : [{"history":{"publications":[{"data":{"a":[1,"\"}"]},"info":{"user":"\u00e9"},
"offset":18446744073709551615,"tags":{"k":"v"}},{"data":null}],"epoch":"é","offset":2}},
{"error":{"code":107,"message":"bad request"}},null,{"info":{"nodes":[{"metrics":{"interval":1.5e1,"items":{"a":0}}}]}},
{"nosuch":[true,false,{}],"map_publish":{"suppressed":true}}]}`;

test("a reply that is cut short at any place is refused", () => {
  expect(readMessage(BatchResponseSchema, reply).replies).toHaveLength(5);
  for (let length = 0; length < reply.length; length++) {
    expect(() => readMessage(BatchResponseSchema, reply.slice(0, length)), `${length}`).toThrow(
      JsonReadError,
    );
  }
});

test("a reply that lacks one character is refused, unless the rest is JSON", () => {
  let refused = 0;
  for (let at = 0; at < reply.length; at++) {
    const text = reply.slice(0, at) + reply.slice(at + 1);
    if (isJson(text)) continue;
    refused++;
    expect(() => readMessage(BatchResponseSchema, text), text).toThrow(JsonReadError);
  }
  expect(refused).toBeGreaterThan(100);
});

test("a second value and a misplaced separator are refused", () => {
  for (const text of [
    '{"result":{}{}}',
    '{"result" {}}',
    '{"result":{},}',
    '{,"result":{}}',
    '{"result"::{}}',
    "{result:{}}",
    "{'result':{}}",
    '{"result":{}]',
    '{"result":{"offset":1 2}}',
    '{"result":{"offset":1,,"epoch":"e"}}',
    '{"result":{"offset":}}',
    '{"result":}',
    '{"result"}',
    "{1:{}}",
    '{"result":{}} // and so on',
  ]) {
    expect(() => readMessage(PublishResponseSchema, text), text).toThrow(JsonReadError);
  }
  for (const list of ["[,]", "[{},]", "[{} {}]", "[{}", "[{}}", "{}", "[[]]"]) {
    expect(() => readMessage(BatchResponseSchema, `{"replies":${list}}`), list).toThrow(JsonReadError);
  }
});

test("bytes that are not UTF-8 are refused at any place", async () => {
  const bytes = (json: string) => new Uint8Array(Buffer.from(json, "latin1"));
  for (const bad of ["\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"]) {
    for (const json of [
      `{"result":{"epoch":"${bad}"}}`,
      `{"result":{},"nope":"${bad}"}`,
      `{"result":{}}${bad}`,
    ]) {
      const fetch = async () => new Response(bytes(json));
      const client = createClient({ url: "http://centrifugo.test/api", http: { fetch } });
      const rejection = expect(client.publish({ channel: "a", data: 1 }), json).rejects;
      await rejection.toBeInstanceOf(CentDecodeError);
      await rejection.toThrow("publish: the reply is not UTF-8");
    }
  }
});

test("a reply with a byte order mark is refused", async () => {
  const fetch = async () => new Response('\ufeff{"result":{}}');
  const client = createClient({ url: "http://centrifugo.test/api", http: { fetch } });
  await expect(client.publish({ channel: "a", data: 1 })).rejects.toBeInstanceOf(CentDecodeError);
});

describe("depth", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

  test("10,000 nested arrays or objects are valid data", () => {
    const text = deep(10_000);
    const { result } = readMessage(
      HistoryResponseSchema,
      `{"result":{"publications":[{"data":${text}},{"data":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}]}}`,
    );
    expect(result?.publications[0]?.data).toEqual(new JsonBytes(text));
  });

  test("10,000 nested arrays in an unknown field are skipped", () => {
    const text = `{"nope":${deep(10_000)},"channel":"a"}`;
    expect(readMessage(PublishRequestSchema, text).channel).toBe("a");
  });

  test("100 nested messages are read, and 101 or more are refused", () => {
    const read = (depth: number) =>
      readMessage(
        SubscribeRequestSchema,
        `{"label_filter":${'{"nodes":['.repeat(depth - 1)}{}${"]}".repeat(depth - 1)}}`,
      );
    expect(read(100).labelFilter?.nodes).toHaveLength(1);
    for (const depth of [101, 10_000]) {
      expect(() => read(depth), `${depth}`).toThrow(JsonReadError);
      expect(() => read(depth), `${depth}`).toThrow("messages are nested more than 100 deep");
    }
  });

  test("a list of more than 100 messages is not nested, and is read", () => {
    const text = `{"result":{"publications":[${Array(200).fill('{"info":{}}').join()}]}}`;
    expect(readMessage(HistoryResponseSchema, text).result?.publications).toHaveLength(200);
  });
});

describe("size", () => {
  // A reader of quadratic time takes minutes here, and runs into the time limit.
  const megabyte = 2 ** 20;

  test("a string of a megabyte is read", () => {
    for (const part of ["a", "é", '\\"', "\\\\", "\\u00e9", "}", '\\\\\\"']) {
      const content = part.repeat(megabyte / part.length);
      const text = `{"channel":"${content}","data":"${content}","nope":"${content}"}`;
      const message = readMessage(PublishRequestSchema, text);
      expect(message.channel === JSON.parse(`"${content}"`), part).toBe(true);
      expect((message.data as JsonBytes).text.length, part).toBe(content.length + 2);
    }
  });

  test("a reply of 100,000 publications is read", () => {
    const count = 100_000;
    const list = Array.from({ length: count }, (_, index) => `{"data":{"i":${index}},"offset":${index + 1}}`);
    const text = `{"result":{"publications":[${list.join(",")}]}}`;
    const publications = readMessage(HistoryResponseSchema, text).result?.publications ?? [];
    expect(publications).toHaveLength(count);
    expect(publications[count - 1]?.offset).toBe(BigInt(count));
  });

  test("a number of a million digits is refused", () => {
    expect(() => readMessage(PublishRequestSchema, `{"version":${"9".repeat(megabyte)}}`)).toThrow(
      /^version: expected an unsigned 64-bit integer, got 9{40}… at position 11$/,
    );
  });

  test("a million brackets that are never closed are refused", () => {
    for (const bracket of ["[", '{"a":']) {
      expect(() => readMessage(PublishRequestSchema, `{"data":${bracket.repeat(megabyte)}`)).toThrow(
        JsonReadError,
      );
      expect(() => readMessage(SubscribeRequestSchema, `{"user":${bracket.repeat(megabyte)}`)).toThrow(
        JsonReadError,
      );
    }
  });
});
