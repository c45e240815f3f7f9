import { describe, expect, test } from "vitest";
import { CentDecodeError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofGrpcHeaders, ofGrpcReply, ofReply } from "../harness/misbehaving-server.ts";
import { protocols } from "../harness/scripted-server.ts";

function http(body: string | Uint8Array, status = 200): StartServer {
  return ofReply(status, body, { "content-type": "application/json" });
}

/** A reply of one message, given as hex. */
function grpc(message: string, framing = {}): StartServer {
  return ofGrpcReply({ body: grpcFrame(Buffer.from(message, "hex"), framing) });
}

// In PublishResponse, field 2 is the result (12). In the result, field 1 is the offset (08) and field 2 the epoch (12).
const result = "12020801";

/** Broken replies that both protocols can have. */
const cases: readonly { title: string; http: StartServer; grpc: StartServer; says: RegExp }[] = [
  { title: "no body", http: http(""), grpc: ofGrpcReply({}), says: /the JSON ends|no message/ },
  {
    title: "neither result nor error",
    http: http("{}"),
    grpc: grpc(""),
    says: /neither result nor error/,
  },
  {
    title: "unknown fields only",
    http: http('{"results":{"offset":1}}'),
    grpc: grpc("9a0600"),
    says: /neither result nor error/,
  },
  {
    title: "a message cut short",
    http: http('{"result":{"offset":1'),
    grpc: grpc(result.slice(0, -2), { length: 4 }),
    says: /ends/,
  },
  {
    title: "a message cut short at the end of a value",
    http: http('{"result":{"offset":1}'),
    grpc: grpc("120208"),
    says: /ends|PublishResponse/,
  },
  {
    title: "more than one message",
    http: http('{"result":{}} {"result":{}}'),
    grpc: ofGrpcReply({ body: Buffer.concat([1, 2].map(() => grpcFrame(Buffer.from(result, "hex")))) }),
    says: /more/,
  },
  {
    title: "garbage",
    http: http(Buffer.from("\u0000\u0001{{{")),
    grpc: grpc("ffffffffffffffffffffff"),
    says: /got|PublishResponse/,
  },
  {
    title: "a value of another type",
    http: http('{"result":{"offset":"1"}}'),
    // Field 1 of the result with the wire type of bytes.
    grpc: grpc("12030a0131"),
    says: /offset|PublishResponse|wire type/,
  },
  {
    title: "bad UTF-8 in a string",
    http: http(
      Buffer.concat([Buffer.from('{"result":{"epoch":"'), Buffer.from("ff22", "hex"), Buffer.from("}}")]),
    ),
    grpc: grpc("12031201ff"),
    says: /UTF-8|PublishResponse/i,
  },
  {
    title: "an offset that a number cannot hold",
    http: http('{"result":{"offset":9007199254740993}}'),
    grpc: grpc("12090881808080808080" + "10"),
    says: /result\.offset: a number cannot hold 9007199254740993 exactly; .*int64: "bigint"/,
  },
];

describe.each(protocols)("%s: CentDecodeError", (protocol) => {
  test.each(cases)("a reply with $title is a CentDecodeError", async ({ says, [protocol]: start }) => {
    const error = expectError(await failure(start), CentDecodeError);
    expect(error.message).toMatch(/^publish: /);
    expect(error.message).toMatch(says);
  });

  async function failure(start: StartServer): Promise<unknown> {
    await using server = await start();
    await using client = clientOf(protocol, server);
    return await rejection(client.publish({ channel: "chat", data: {} }));
  }
});

const httpOnly: readonly [title: string, body: string | Uint8Array, status?: number][] = [
  ["a word", "nope"],
  ["HTML", "<!doctype html><title>Sign in</title>"],
  ["an array", "[]"],
  ["an array with a result", '[{"result":{}}]'],
  ["a string", '"{}"'],
  ["a number", "1"],
  ["true", "true"],
  ["null", "null"],
  ["a null result", '{"result":null}'],
  ["an array as result", '{"result":[]}'],
  ["a string as result", '{"result":"ok"}'],
  ["a string as error", '{"error":"no"}'],
  ["a negative offset", '{"result":{"offset":-1}}'],
  ["a fraction as offset", '{"result":{"offset":1.5}}'],
  ["an exponent as offset", '{"result":{"offset":1e3}}'],
  ["an offset beyond 64 bits", '{"result":{"offset":18446744073709551616}}'],
  ["a number as epoch", '{"result":{"epoch":1}}'],
  ["a trailing comma", '{"result":{},}'],
  ["names without quotes", "{result:{}}"],
  ["text after the JSON", '{"result":{}}}'],
  ["bad UTF-8 outside of strings", Buffer.from("7b7dff", "hex")],
  ["UTF-16", Buffer.from('{"result":{}}', "utf16le")],
  ["half a character", Buffer.from('{"result":{"epoch":"é', "utf8").subarray(0, -1)],
  ["204", "", 204],
  ["201 without a body", "", 201],
  ["206 with half a body", '{"resul', 206],
];

describe("http: CentDecodeError", () => {
  test.each(httpOnly)("an HTTP reply of %s is a CentDecodeError", async (_title, body, status) => {
    await using server = await http(body, status)();
    await using client = clientOf("http", server);
    expectError(await rejection(client.publish({ channel: "chat", data: {} })), CentDecodeError);
  });

  test("the error of a value deep inside a result names its path", async () => {
    const body = '{"result":{"publications":[{"offset":1},{"offset":2,"tags":{"a":"b","c":3}}]}}';
    await using server = await http(body)();
    await using client = clientOf("http", server);
    const error = expectError(await rejection(client.history({ channel: "chat" })), CentDecodeError, {
      method: "history",
    });
    expect(error.message).toContain("result.publications[1].tags.c: expected a string, got 3");
  });
});

const grpcOnly: readonly [title: string, start: StartServer][] = [
  ["half a frame's prefix", ofGrpcReply({ body: Buffer.from([0, 0, 0]) })],
  ["a frame shorter than it says", grpc(result, { length: 5 })],
  ["a frame longer than it says", grpc(result, { length: 3 })],
  ["a frame that claims 4 GB", grpc(result, { length: 0xffffffff })],
  ["a frame with the flag of compression", grpc(result, { flags: 1 })],
  ["a frame with an unknown flag", grpc(result, { flags: 0x80 })],
  [
    "a message and half of another",
    ofGrpcReply({ body: Buffer.concat([grpcFrame(Buffer.from(result, "hex")), Buffer.from([0])]) }),
  ],
  ["text", ofGrpcReply({ body: Buffer.from('{"result":{}}') })],
  ["a message with a group that does not end", grpc("0b")],
  ["a message with field number 0", grpc("0000")],
  ["no message and the status OK in the headers", ofGrpcHeaders({ "grpc-status": "0" })],
];

describe("grpc: CentDecodeError", () => {
  test.each(grpcOnly)("a gRPC reply of %s is a CentDecodeError", async (_title, start) => {
    await using server = await start();
    await using client = clientOf("grpc", server);
    expectError(await rejection(client.publish({ channel: "chat", data: {} })), CentDecodeError);
  });
});

describe.each(protocols)("%s: a batch", (protocol) => {
  const commands = [{ publish: { channel: "chat", data: 1 } }, { info: {} }] as const;
  // In BatchResponse, field 1 is a reply (0a). In a reply, field 4 is publish (22) and field 13 is info (6a).
  const replies: Record<string, { http: string; grpc: string; says: RegExp }> = {
    "fewer replies than commands": {
      http: '{"replies":[{"publish":{}}]}',
      grpc: "0a022200",
      says: /expected 2 replies, got 1/,
    },
    "more replies than commands": {
      http: '{"replies":[{"publish":{}},{"info":{}},{"info":{}}]}',
      grpc: "0a0222000a026a000a026a00",
      says: /expected 2 replies, got 3/,
    },
    "no replies": { http: "{}", grpc: "", says: /expected 2 replies, got 0/ },
    "a reply of another method": {
      http: '{"replies":[{"info":{}},{"info":{}}]}',
      grpc: "0a026a000a026a00",
      says: /replies\[0\].*neither publish nor error/,
    },
    "an empty reply": {
      http: '{"replies":[{"publish":{}},{}]}',
      grpc: "0a0222000a00",
      says: /replies\[1\].*neither info nor error/,
    },
  };

  test.each(Object.entries(replies))("a batch reply with %s is a CentDecodeError", async (_title, reply) => {
    await using server = await (protocol === "http" ? http(reply.http) : grpc(reply.grpc))();
    await using client = clientOf(protocol, server);
    const error = expectError(await rejection(client.batch({ commands })), CentDecodeError, {
      method: "batch",
    });
    expect(error.message).toMatch(reply.says);
  });

  test("a batch reply with as many replies as commands is a success", async () => {
    const start =
      protocol === "http" ? http('{"replies":[{"publish":{}},{"info":{}}]}') : grpc("0a0222000a026a00");
    await using server = await start();
    await using client = clientOf(protocol, server);
    const { replies: items } = await client.batch({ commands });
    expect(items.map(({ ok }) => ok)).toEqual([true, true]);
  });
});
