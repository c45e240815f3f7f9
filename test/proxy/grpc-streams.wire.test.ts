import { once } from "node:events";
import { connect as connectSession, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { status } from "@grpc/grpc-js";
import { expect, test, vi } from "vitest";
import {
  CentrifugoProxy,
  StreamSubscribeRequestSchema,
} from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import { serve, text, utf8 } from "./serve-grpc.ts";

test("a stream has the decision first, then publications, and its end is OK", async () => {
  const proxy = createProxy({
    secret: false,
    subscribeUnidirectional: {
      "ticks:*": async function* ({ channel, data }) {
        yield { data: { channel, data } };
        yield { data: { n: 1 }, tags: { a: "b" } };
        yield { data: new Uint8Array([1]) };
      },
    },
  });
  const client = await serve(proxy);
  const messages = await client.unidirectional({ channel: "ticks:1", data: utf8(7) }).toArray();
  expect(messages).toMatchObject([
    { subscribeResponse: { result: {} } },
    { publication: { tags: { a: "b" } } },
    { publication: { data: new Uint8Array([1]) } },
  ]);
  expect(text(messages[0]?.subscribeResponse?.result?.data)).toBe('{"channel":"ticks:1","data":7}');
  expect(text(messages[1]?.publication?.data)).toBe('{"n":1}');
});

test.each<[string, () => AsyncGenerator, object]>([
  ["ends without a decision", async function* () {}, { error: { code: 403 } }],
  [
    "yields nothing",
    async function* () {
      yield undefined;
    },
    { error: { code: 403 } },
  ],
  [
    "yields deny()",
    async function* () {
      yield deny("no", { code: 400 });
    },
    { error: { code: 400, message: "no" } },
  ],
  [
    "throws disconnect()",
    // biome-ignore lint/correctness/useYield: the generator throws its decision
    async function* () {
      throw disconnect(4001, "x");
    },
    { disconnect: { code: 4001 } },
  ],
])("a stream whose handler %s refuses, and ends", async (_title, handler, response) => {
  const proxy = createProxy({ secret: false, subscribeUnidirectional: { "*": handler as never } });
  const client = await serve(proxy);
  const messages = await client.unidirectional({ channel: "a" }).toArray();
  expect(messages).toMatchObject([{ subscribeResponse: response }]);
});

test("a refused subscription runs the handler's finally, and nothing after its refusal", async () => {
  const steps: string[] = [];
  const proxy = createProxy({
    secret: false,
    subscribeUnidirectional: {
      "*": async function* () {
        try {
          yield deny();
          steps.push("went on");
        } finally {
          steps.push("finally");
        }
      },
    },
  });
  const client = await serve(proxy);
  expect(await client.unidirectional({ channel: "a" }).toArray()).toHaveLength(1);
  expect(steps).toEqual(["finally"]);
});

test("an accident in a stream ends it with INTERNAL, and onError has the error", async () => {
  const onError = vi.fn();
  const proxy = createProxy({
    secret: false,
    onError,
    subscribeUnidirectional: {
      "early:*": () => "no generator" as never,
      "late:*": async function* () {
        yield {};
        throw new Error("detail");
      },
      "refused:*": async function* () {
        yield {};
        yield deny("too late");
      },
      "wrong:*": async function* () {
        yield {};
        yield { dta: 1 } as never;
      },
    },
  });
  const client = await serve(proxy);
  for (const channel of ["early:1", "late:1", "refused:1", "wrong:1"]) {
    const stream = client.unidirectional({ channel }).resume();
    expect((await once(stream, "error"))[0]).toMatchObject({ code: status.INTERNAL, details: "" });
  }
  expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
    "TypeError: subscribeUnidirectional: expected an async generator, as `async function*` makes",
    "Error: detail",
    "TypeError: subscribeUnidirectional: a refusal comes too late",
    "TypeError: subscribeUnidirectional: dta: unknown field; did you mean data?",
  ]);
});

test("a client that leaves ends its stream: the signal aborts, and finally runs", async () => {
  const onError = vi.fn();
  const ended = Promise.withResolvers<string>();
  const proxy = createProxy({
    secret: false,
    onError,
    subscribeUnidirectional: {
      "*": async function* (_request, { signal }) {
        try {
          yield {};
          for (let n = 1; ; n++) {
            yield { data: n };
            await delay(60_000, undefined, { signal });
          }
        } finally {
          ended.resolve(String(signal.aborted));
        }
      },
    },
  });
  const client = await serve(proxy);
  const stream = client.unidirectional({ channel: "a" });
  stream.on("error", () => {});
  for (let left = 2; left > 0; left--) await once(stream, "data");
  stream.cancel();
  expect(await ended.promise).toBe("true");
  await delay(20);
  expect(onError).not.toHaveBeenCalled();
});

test("the client's publications come in, and their end ends the loop", async () => {
  const ended = Promise.withResolvers<string>();
  const proxy = createProxy({
    secret: false,
    subscribeBidirectional: {
      "chat:*": async function* ({ channel, user }, { publications }) {
        try {
          yield { data: { channel, user } };
          for await (const { data, tags } of publications) yield { data: { echo: data, tags } };
        } finally {
          ended.resolve("finally");
        }
      },
    },
  });
  const client = await serve(proxy);
  const stream = client.bidirectional();
  const message = (init: object) => create(StreamSubscribeRequestSchema, init);
  stream.write(message({ subscribeRequest: { channel: "chat:1", user: "42" } }));
  const [first] = await once(stream, "data");
  expect(text(first.subscribeResponse.result.data)).toBe('{"channel":"chat:1","user":"42"}');
  stream.write(message({ publication: { data: utf8("a") } }));
  expect(text((await once(stream, "data"))[0].publication.data)).toBe('{"echo":"a","tags":{}}');
  stream.write(message({ publication: { data: utf8("b") } }));
  expect(text((await once(stream, "data"))[0].publication.data)).toBe('{"echo":"b","tags":{}}');
  stream.end();
  expect(await once(stream, "status")).toMatchObject([{ code: status.OK }]);
  expect(await ended.promise).toBe("finally");
});

test("a client that leaves a stream of both directions ends its publications", async () => {
  const onError = vi.fn();
  const ended = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const proxy = createProxy({
    secret: false,
    onError,
    subscribeBidirectional: {
      "*": async function* (_request, { publications, signal }) {
        signal.addEventListener("abort", () => aborted.resolve());
        try {
          yield {};
          for await (const { data } of publications) yield { data };
        } finally {
          ended.resolve();
        }
      },
    },
  });
  const client = await serve(proxy);
  const stream = client.bidirectional();
  stream.on("error", () => {});
  stream.write(create(StreamSubscribeRequestSchema, { subscribeRequest: { channel: "a" } }));
  await once(stream, "data");
  stream.cancel();
  await Promise.all([ended.promise, aborted.promise]);
  await delay(20);
  expect(onError).not.toHaveBeenCalled();
});

test("a connection that breaks ends the publications, and onError hears nothing of it", async () => {
  const onError = vi.fn();
  const ended = Promise.withResolvers<string>();
  const proxy = createProxy({
    secret: false,
    onError,
    subscribeBidirectional: {
      "*": async function* (_request, { publications }) {
        yield {};
        for await (const { data } of publications) yield { data };
        ended.resolve("the loop ended");
      },
    },
  });
  const server = createServer(connectNodeAdapter({ routes: proxy.routes })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connectSession(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const path = `/${CentrifugoProxy.typeName}/SubscribeBidirectional`;
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  session.on("error", () => {});
  const message = toBinary(
    StreamSubscribeRequestSchema,
    create(StreamSubscribeRequestSchema, { subscribeRequest: { channel: "a" } }),
  );
  stream.write(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
  await once(stream, "data");
  session.destroy();
  expect(await ended.promise).toBe("the loop ended");
  await delay(20);
  expect(onError).not.toHaveBeenCalled();
  server.close();
});

test("a stream whose first message asks for nothing is INVALID_ARGUMENT", async () => {
  const onError = vi.fn();
  const client = await serve(createProxy({ secret: false, onError }));
  for (const first of [create(StreamSubscribeRequestSchema), undefined]) {
    const stream = client.bidirectional().resume();
    if (first === undefined) stream.end();
    else stream.write(first);
    expect((await once(stream, "error"))[0]).toMatchObject({ code: status.INVALID_ARGUMENT });
  }
  expect(onError).toHaveBeenCalledTimes(2);
});
