import type { DescMessage, DescMethodUnary, JsonObject, Message } from "@bufbuild/protobuf";
import { create, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Transport, UnaryResponse } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { describe, expect, test, vi } from "vitest";
import { CentrifugoApi } from "#api";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { CentApiResponseError, CentError, CentTransportError, createClient } from "../../src/index.ts";
import type { Method } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import type { LeftOut } from "../harness/each-exchange.ts";
import { testEach } from "../harness/each-exchange.ts";
import { rejection } from "../harness/expected-error.ts";
import type { JsonForm } from "../harness/plain-form.ts";
import {
  centrifugoJson,
  expectedReplies,
  expectedResult,
  plainRequest,
  proto3Json,
} from "../harness/plain-form.ts";
import type { GrpcExchange, HttpExchange } from "../harness/recorded-exchanges.ts";
import { grpcExchanges, httpExchanges, methodOf } from "../harness/recorded-exchanges.ts";

const table = methodTable(CentrifugoApi);

async function callOf(client: object, method: Method, request: object): Promise<object> {
  const call = (client as Record<string, (request: object) => Promise<object>>)[method.name];
  if (call === undefined) throw new Error(`no method ${method.name}`);
  return call(request);
}

/** A call's outcome: its result, the server's error, or the class and status of any other error. */
async function outcome(client: object, method: Method, request: object): Promise<unknown> {
  try {
    return plainErrors({ ok: true, result: await callOf(client, method, request) });
  } catch (error) {
    if (!(error instanceof CentError)) throw error;
    expect(error.method).toBe(method.name);
    if (error instanceof CentApiResponseError) return plainErrors({ ok: false, error });
    return {
      failed: error.name,
      ...(error instanceof CentTransportError && { status: error.httpStatus ?? error.grpcStatus }),
    };
  }
}

/** Replaces each error, in items too, by its code and message as the server writes them. */
function plainErrors(value: unknown): unknown {
  if (value instanceof CentApiResponseError) return { code: value.code, message: value.serverMessage };
  if (Array.isArray(value)) return value.map(plainErrors);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainErrors(member)]));
}

function expected(method: Method, json: JsonObject, form: JsonForm): unknown {
  if (method.command !== undefined) return expectedResult(method.rpc.output, json, form);
  return { ok: true, result: expectedReplies(table.reply, json, form) };
}

function found(request: { path: string } | { rpc: string }): Method {
  const method = methodOf(request);
  if (method === undefined) throw new Error("no method of the API");
  return method;
}

async function checkHttp({ request, response }: HttpExchange): Promise<void> {
  const method = found(request);
  const { input } = method.rpc;
  const bodies: string[] = [];
  const client = createClient({
    url: "http://centrifugo.test/api",
    http: {
      fetch: async (url, init) => {
        expect(url).toBe(`http://centrifugo.test/api/${method.path}`);
        bodies.push(`${init?.body}`);
        return new Response(response.body, { status: response.status });
      },
    },
  });
  const recorded = readMessage(input, request.body);
  const result = await outcome(client, method, plainRequest(input, recorded));

  const [body = ""] = bodies;
  expect(bodies).toHaveLength(1);
  // The messages are equal to the last integer and byte of data. The texts are equal once this client wrote both.
  expect(equals(input, readMessage(input, body), recorded)).toBe(true);
  expect(body).toBe(writeMessage(input, recorded));
  expect(result).toStrictEqual(expectedOverHttp(method, response));
}

function expectedOverHttp(method: Method, { status, body }: HttpExchange["response"]): unknown {
  if (status === 401) return { failed: "CentUnauthorizedError" };
  if (body.startsWith("404 ")) return { failed: "CentUnimplementedError", status };
  if (!body.startsWith("{")) return { failed: "CentTransportError", status };
  const reply = JSON.parse(body) as JsonObject;
  // In transport error mode the body is the error alone.
  return status === 200 ? expected(method, reply, centrifugoJson) : { ok: false, error: reply };
}

async function checkGrpc({ request, response }: GrpcExchange): Promise<void> {
  const method = found(request);
  const { input, output } = method.rpc;
  const sent: Uint8Array[] = [];
  const client = createClient({
    transport: stub((rpc, message) => {
      expect(rpc).toBe(method.rpc);
      sent.push(toBinary(input, message));
      if (response.message !== null) return fromBinary(output, Buffer.from(response.message, "base64"));
      throw statusOf(response);
    }),
  });
  const bytes = Buffer.from(request.message, "base64");
  const recorded = fromBinary(input, bytes);
  const result = await outcome(client, method, plainRequest(input, recorded));
  expect(sent.map((message) => Buffer.from(message))).toEqual([bytes]);
  expect(result).toStrictEqual(expectedOverGrpc(method, response));
}

function statusOf({ grpcStatus, grpcMessage, grpcStatusDetailsBin }: GrpcExchange["response"]): Error {
  const details = grpcStatusDetailsBin === null ? {} : { "grpc-status-details-bin": grpcStatusDetailsBin };
  const trailer = { "grpc-status": grpcStatus, "grpc-message": grpcMessage, ...details };
  return findTrailerError(new Headers(trailer)) ?? new Error("no status");
}

/** The code of each message. In transport error mode the recording has the code only inside bytes. */
const codes: Readonly<Record<string, number>> = {
  "unknown channel": 102,
  "not found": 104,
  "bad request": 107,
  "not available": 108,
  "unrecoverable position": 112,
};

function expectedOverGrpc(method: Method, { grpcStatus, ...response }: GrpcExchange["response"]): unknown {
  if (response.messageJson !== null) return expected(method, response.messageJson, proto3Json);
  if (grpcStatus === "16") return { failed: "CentUnauthorizedError" };
  if (grpcStatus === "12") return { failed: "CentUnimplementedError", status: 12 };
  const message = response.grpcMessage;
  return { ok: false, error: { code: codes[message], message } };
}

/** Checks that the client refuses the recorded request because of an empty field, before anything is sent. */
async function checkRefused(client: object, method: Method, recorded: Message, field: string): Promise<void> {
  const request = plainRequest(method.rpc.input, recorded);
  expect(await rejection(callOf(client, method, request))).toMatchObject({
    name: "CentRequestError",
    message: `${method.name}: ${field}: must not be empty`,
    method: method.name,
    field,
    attempts: 0,
  });
}

function stub(answer: (rpc: DescMethodUnary, message: Message) => Message): Transport {
  return {
    async unary(rpc, _signal, _timeoutMs, _header, input) {
      const message = answer(rpc, create(rpc.input as DescMessage, input as Message)) as never;
      const { parent: service } = rpc;
      const reply: UnaryResponse = {
        stream: false,
        service,
        method: rpc,
        header: new Headers(),
        trailer: new Headers(),
        message,
      };
      return reply as UnaryResponse<typeof rpc.input, typeof rpc.output>;
    },
    stream: () => Promise.reject(new Error("no streams here")),
  };
}

/** The exchanges whose request has an empty field that the client refuses, with the field. */
type Refused = Readonly<Record<string, string>>;

const refusedOverHttp: Refused = {
  "http publish 9": "channel",
  "http history and presence 14": "channel",
  "http history and presence 20": "channel",
  "http history and presence 23": "channel",
  "http history and presence 30": "method",
  "http batch and broadcast 2": "channels[2]",
  "http batch and broadcast 3": "channels",
  "http batch and broadcast 4": "channels",
  "http batch and broadcast 10": "commands[1].publish.channel",
  "http map and shared poll 6": "key",
  "http map and shared poll 26": "key",
  "http map and shared poll 30": "channel",
  "http transport error mode 2": "channel",
  "http transport error mode 8": "channels",
  "connected clients 10": "channel",
  "connected clients 17": "channel",
};

const refusedOverGrpc: Refused = {
  "grpc core 6": "channel",
  "grpc core 25": "method",
  "grpc core 28": "channel",
  "grpc core 34": "channels[2]",
  "grpc core 35": "channels",
  "grpc core 38": "commands[1].publish.channel",
  "grpc transport error mode 2": "channel",
};

const without = <Exchange>(refused: Refused, exchanges: [id: string, Exchange][]) =>
  exchanges.filter(([id]) => !Object.hasOwn(refused, id));

describe("the client writes the recorded HTTP request, and gives the recorded outcome", () => {
  const leftOut: LeftOut = {
    "not a method of the API": [
      "http auth and protocol 13",
      "http auth and protocol 14",
      "http auth and protocol 15",
    ],
    "not JSON, or no object": [
      ...["http auth and protocol 5", "http auth and protocol 8"],
      ...["http auth and protocol 9", "http auth and protocol 16"],
    ],
    "not of the schema's types": ["http auth and protocol 10", "http publish 19", "http publish 20"],
    "lacks what the client insists on: recipient, data": ["http auth and protocol 33", "http publish 5"],
    "no method, or two, in a command": ["http batch and broadcast 12"],
    "numbers and white space in data that JSON.stringify would not write": ["http publish 6"],
    "binary data that is not base64": [
      "http publish 8",
      "http batch and broadcast 5",
      "connected clients 12",
    ],
  };
  testEach(without(refusedOverHttp, httpExchanges()), leftOut, checkHttp);
});

describe("the client encodes the recorded gRPC request, and gives the recorded outcome", () => {
  const leftOut: LeftOut = {
    "cut short on purpose": ["grpc auth and protocol 6"],
    "lacks what the client insists on: recipient, data": ["grpc auth and protocol 23", "grpc core 3"],
    "binary data in base64, which gRPC has no need of": ["grpc core 4", "grpc core 5"],
    "no method in a command": ["grpc core 36"],
  };
  testEach(without(refusedOverGrpc, grpcExchanges()), leftOut, checkGrpc);
});

describe("the client refuses a recorded request with an empty field, and sends nothing", () => {
  test.each(Object.entries(refusedOverHttp))("the exchange %s: %s must not be empty", async (id, field) => {
    const { request } = new Map(httpExchanges()).get(id) ?? expect.fail();
    const method = found(request);
    const fetch = vi.fn();
    const client = createClient({ url: "http://centrifugo.test/api", http: { fetch } });
    await checkRefused(client, method, readMessage(method.rpc.input, request.body), field);
    expect(fetch).not.toHaveBeenCalled();
  });

  test.each(Object.entries(refusedOverGrpc))("the exchange %s: %s must not be empty", async (id, field) => {
    const { request } = new Map(grpcExchanges()).get(id) ?? expect.fail();
    const method = found(request);
    const answer = vi.fn();
    const client = createClient({ transport: stub(answer) });
    const recorded = fromBinary(method.rpc.input, Buffer.from(request.message, "base64"));
    await checkRefused(client, method, recorded, field);
    expect(answer).not.toHaveBeenCalled();
  });
});

test("data that JSON.stringify would not write goes through json.stringify", async () => {
  const [, exchange] = httpExchanges().find(([id]) => id === "http publish 6") ?? [];
  const [, raw] = /"data": (.*)}$/.exec(exchange?.request.body ?? "") ?? [];
  const bodies: unknown[] = [];
  const client = createClient({
    url: "http://centrifugo.test/api",
    json: { stringify: String, parse: (text) => text },
    http: {
      fetch: async (_url, init) => {
        bodies.push(init?.body);
        return Response.json({ result: {} });
      },
    },
  });
  await client.publish({ channel: "a", data: raw });
  expect(bodies).toEqual([`{"channel":"a","data":${raw}}`]);
});
