import type { Message } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BatchRequestSchema, CentrifugoApi, HistoryResponseSchema } from "#api";
import type { Reply } from "../src/call/reply.ts";
import { createWalker } from "../src/call/walker.ts";
import { encodeRequest } from "../src/codec/encode-request.ts";
import type { Int64 } from "../src/codec/integers.ts";
import { readMessage } from "../src/codec/json/read-message.ts";
import { writeMessage } from "../src/codec/json/write-message.ts";
import { createPayload } from "../src/codec/payload.ts";
import { SentSecrets } from "../src/errors/hide-secret.ts";
import { methodTable } from "../src/schema/method-table.ts";

export interface CodecCase {
  readonly name: string;
  /** The work of the baseline, in words. */
  readonly against: string;
  readonly baseline: () => unknown;
  readonly run: () => unknown;
  /** The goal for the ratio; undefined for none. */
  readonly atMost?: number;
}

const count = 10_000;
const table = methodTable(CentrifugoApi);
const payload = createPayload(undefined);
const walkerFor = {
  number: createWalker(table, { payload, int64: "number", secrets: new SentSecrets() }),
  bigint: createWalker(table, { payload, int64: "bigint", secrets: new SentSecrets() }),
};

/** Wraps a message as the reply to a request that was sent once. */
export function replyOf(message: Message): Reply {
  return { message, headers: undefined, attempts: 1, maybeExecuted: false };
}

function methodNamed(name: string) {
  const method = table.byName(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

const encode = (name: string, request: unknown) => encodeRequest(table, methodNamed(name), request, payload);
const write = (name: string, request: unknown) =>
  writeMessage(methodNamed(name).rpc.input, encode(name, request));

/** Decodes the text of a reply into the result of a request, as a call does. The bytes of the text are at hand. */
function reader(name: string, request: unknown, text: string, int64: Int64 = "number"): () => object {
  const method = methodNamed(name);
  const sent = encode(name, request);
  const bytes = new TextEncoder().encode(text);
  return () => walkerFor[int64].result(method, sent, replyOf(readMessage(method.rpc.output, text, bytes)));
}

const list = <T>(make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

/** Publications of about 200 bytes each, as the server writes them. */
const data = {
  objects: (id: number) => ({
    id,
    text: "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor. ".padEnd(110, "x"),
    tags: ["a", "b", "c"],
    user: { id: `user-${id}`, name: "Some Name" },
  }),
  strings: (id: number) => `message ${id} `.padEnd(198, "lorem ipsum "),
  nested: (id: number) => ({
    a: { b: { c: { d: [[{ e: id }, { e: [1, 2, 3] }], [], { f: { g: { h: null } } }] } }, i: [[["x"]]] },
    points: list4((at) => ({ x: id + at, y: [at, { z: at }], on: true })),
  }),
};

function list4<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 4 }, (_, index) => make(index));
}

const publications = {
  objects: list((index) => ({ data: data.objects(index), offset: index + 1 })),
  strings: list((index) => ({ data: data.strings(index), offset: index + 1 })),
  nested: list((index) => ({ data: data.nested(index), offset: index + 1 })),
  "with tags and info": list((index) => ({
    data: data.objects(index),
    info: { user: `user-${index}`, client: "5d6d4a3c-bd4e-4bd1-a2d3-2a3b1b9c7c11" },
    offset: index + 1,
    tags: { kind: "message", language: "en" },
  })),
};

function history(name: keyof typeof publications, int64: Int64): CodecCase {
  const text = JSON.stringify({
    result: { publications: publications[name], epoch: "abcd", offset: count },
  });
  return {
    name: `history, ${name}${int64 === "bigint" ? ", bigint" : ""}`,
    against: "JSON.parse of the text",
    baseline: () => JSON.parse(text),
    run: reader("history", { channel: "a" }, text, int64),
    ...(name === "objects" && { atMost: 2 }),
  };
}

function broadcast(): CodecCase {
  const text = JSON.stringify({
    result: { responses: list((index) => ({ result: { offset: index + 1, epoch: "abcd" } })) },
  });
  const request = { channels: list((index) => `channel-${index}`), data: 1 };
  return {
    name: "broadcast, responses",
    against: "JSON.parse of the text",
    baseline: () => JSON.parse(text),
    run: reader("broadcast", request, text),
  };
}

const publish = (index: number) => ({ channel: `channel-${index}`, data: data.objects(index) });
const commands = list((index) => ({ publish: publish(index) }));

function batchReplies(): CodecCase {
  const text = JSON.stringify({
    replies: list((index) => ({ publish: { offset: index + 1, epoch: "abcd" } })),
  });
  return {
    name: "batch, replies",
    against: "JSON.parse of the text",
    baseline: () => JSON.parse(text),
    run: reader("batch", { commands }, text),
  };
}

function batchText(): CodecCase {
  return {
    name: "batch of publishes",
    against: "JSON.stringify of the objects",
    baseline: () => JSON.stringify({ commands }),
    run: () => write("batch", { commands }),
  };
}

/** Encodes and decodes calls one after the other, each with its reply. */
function singlePublishes(): CodecCase {
  const requests = list((index) => ({ channel: "chat:index", data: { text: "Hello, world!", user: index } }));
  const reply = '{"result":{"offset":1,"epoch":"abcdefgh"}}';
  const method = methodNamed("publish");
  const { input, output } = method.rpc;
  return {
    name: "small publish and its reply",
    against: "JSON.stringify and JSON.parse",
    baseline: () => requests.map((request) => [JSON.stringify(request), JSON.parse(reply)]),
    run: () =>
      requests.map((request) => {
        const message = encodeRequest(table, method, request, payload);
        const text = writeMessage(input, message);
        const response = readMessage(output, reply);
        return [text, walkerFor.number.result(method, message, replyOf(response))];
      }),
  };
}

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

function historyBytes(): CodecCase {
  const method = methodNamed("history");
  const message = create(HistoryResponseSchema, {
    result: {
      publications: publications.objects.map(({ data: value, offset }) => ({
        data: bytesOf(value),
        offset: BigInt(offset),
      })),
    },
  });
  const bytes = toBinary(HistoryResponseSchema, message);
  const sent = encode("history", { channel: "a" });
  return {
    name: "history from gRPC",
    against: "fromBinary, and JSON.parse of each data",
    baseline: () =>
      fromBinary(HistoryResponseSchema, bytes).result?.publications.map((publication) => ({
        data: JSON.parse(
          Buffer.from(
            publication.data.buffer,
            publication.data.byteOffset,
            publication.data.byteLength,
          ).toString(),
        ),
        offset: Number(publication.offset),
      })),
    run: () => walkerFor.number.result(method, sent, replyOf(fromBinary(method.rpc.output, bytes))),
  };
}

function batchBytes(): CodecCase {
  const { input } = methodNamed("batch").rpc;
  return {
    name: "batch of publishes to gRPC",
    against: "JSON.stringify of each data, create and toBinary",
    baseline: () => {
      const own = commands.map(({ publish: { channel, data: value } }) => ({
        publish: { channel, data: bytesOf(value) },
      }));
      return toBinary(BatchRequestSchema, create(BatchRequestSchema, { commands: own }));
    },
    run: () => toBinary(input, encode("batch", { commands })),
  };
}

export function codecCases(): CodecCase[] {
  return [
    history("objects", "number"),
    history("objects", "bigint"),
    history("strings", "number"),
    history("nested", "number"),
    history("with tags and info", "number"),
    broadcast(),
    batchReplies(),
    batchText(),
    singlePublishes(),
    historyBytes(),
    batchBytes(),
  ];
}
