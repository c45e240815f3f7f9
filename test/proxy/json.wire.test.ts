import { create } from "@bufbuild/protobuf";
import { describe, expect, test, vi } from "vitest";
import {
  CentrifugoProxy,
  StreamSubscribeRequestSchema,
} from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { readExact, writeExact } from "../../src/cli/exact-json.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { ask, proxyWith } from "./ask.ts";
import { serve, text } from "./serve-grpc.ts";

const json = { parse: readExact, stringify: (value: unknown) => writeExact(value) };
const { rPC: rpc } = CentrifugoProxy.method;
/** An integer beyond 2^53, which JSON.parse rounds. */
const data = '{"id":9007199254740993}';
const bytes = new TextEncoder().encode(data);
const request = `{"method":"m","channel":"m","data":${data}}`;

describe("the functions of json", () => {
  const seen: unknown[] = [];
  const handler = ({ data: given }: { data?: unknown }) => {
    seen.push(given);
    return { data: given };
  };
  const proxy = createProxy({
    secret: false,
    json,
    rpc: { "*": handler },
    subscribeUnidirectional: {
      "*": async function* ({ data: given }) {
        yield { data: given };
        yield { data: given };
      },
    },
    subscribeBidirectional: {
      "*": async function* (_request, { publications }) {
        yield {};
        for await (const { data: given } of publications) yield { data: [given] };
      },
    },
  });

  test("a handler gets and gives integers beyond 2^53 over HTTP", async () => {
    seen.length = 0;
    expect((await ask(proxy, "rpc", request)).text).toBe(`{"result":{"data":${data}}}`);
    const base64 = `{"method":"m","b64data":"${btoa(data)}"}`;
    expect((await ask(proxy, "rpc", base64)).text).toBe(`{"result":{"data":${data}}}`);
    expect(seen).toEqual([{ id: 9007199254740993n }, { id: 9007199254740993n }]);
  });

  test("a handler gets and gives integers beyond 2^53 over gRPC", async () => {
    seen.length = 0;
    const client = await serve(proxy);
    const { result } = await client.call(rpc, { method: "m", data: bytes });
    expect(text(result?.data)).toBe(data);
    expect(seen).toEqual([{ id: 9007199254740993n }]);
  });

  test("a stream gets and gives integers beyond 2^53", async () => {
    const client = await serve(proxy);
    const messages = await client.unidirectional({ channel: "m", data: bytes }).toArray();
    expect(text(messages[0]?.subscribeResponse?.result?.data)).toBe(data);
    expect(text(messages[1]?.publication?.data)).toBe(data);
    const both = client.bidirectional();
    const received = both.toArray();
    both.write(create(StreamSubscribeRequestSchema, { subscribeRequest: { channel: "m" } }));
    both.write(create(StreamSubscribeRequestSchema, { publication: { data: bytes } }));
    both.end();
    expect(text((await received)[1]?.publication?.data)).toBe(`[${data}]`);
  });

  test("data that is not JSON stays bytes", async () => {
    expect((await ask(proxy, "rpc", '{"method":"m","b64data":"AP8="}')).answer).toEqual({
      result: { b64data: "AP8=" },
    });
  });
});

test("data that is made to do harm is refused before the caller's parse sees it", async () => {
  const parse = vi.fn(JSON.parse);
  const { proxy } = proxyWith("rpc", () => ({}), { json: { parse, stringify: JSON.stringify } });
  const nested = `{"method":"m","data":${"[".repeat(501)}${"]".repeat(501)}}`;
  for (const text of [nested, '{"method":"m","data":{"__proto__":{"admin":true}}}'])
    expect((await ask(proxy, "rpc", text)).status).toBe(400);
  expect(parse).not.toHaveBeenCalled();
  expect((await ask(proxy, "rpc", request)).status).toBe(200);
  expect(parse).toHaveBeenCalledTimes(1);
});

test("functions that fail are named, and clients see nothing of it", async () => {
  const failing = () => {
    throw new Error("no");
  };
  const parsing = proxyWith("rpc", () => ({}), { json: { ...json, parse: failing } });
  expect((await ask(parsing.proxy, "rpc", request)).status).toBe(400);
  expect(parsing.errors).toEqual(["BadRequest: rpc: data: json.parse: no"]);
  const writing = proxyWith("rpc", () => ({ data: 1 }), { json: { ...json, stringify: failing } });
  expect((await ask(writing.proxy, "rpc", request)).answer.error.code).toBe(100);
  expect(writing.errors).toEqual(["TypeError: rpc: data: json.stringify: no"]);
});

test("json without both functions is refused", () => {
  const make = () => createProxy({ secret: false, json: { parse: JSON.parse } as never });
  expect(make).toThrow(
    new TypeError("createProxy: json: expected something with the functions stringify and parse"),
  );
});
