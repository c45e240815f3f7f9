import type { Message } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { handleUnaryCall, ServiceDefinition } from "@grpc/grpc-js";
import { Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { RPCRequest } from "#api";
import { PublishResponseSchema, RPCResponseSchema } from "#api";
import {
  CentApiResponseError,
  CentTimeoutError,
  CentTransportError,
  CentUnimplementedError,
} from "../../../src/index.ts";
import { clientOf, expectError, rejection, secret } from "../../harness/expected-error.ts";
import { fillMessage } from "../../harness/filled-message.ts";
import { until } from "../../harness/listening-server.ts";
import { resultOf } from "../../harness/result-of.ts";
import { encodeStatus } from "../../harness/rpc-status.ts";
import { table } from "../../harness/scripted-server.ts";

type Handler = handleUnaryCall<Message, Message>;

interface GrpcJsServer extends AsyncDisposable {
  readonly port: number;
}

/** A server of @grpc/grpc-js: its frames, headers and trailers share no code with this project or Connect. */
async function startGrpcJs(handlers: Readonly<Record<string, Handler>>): Promise<GrpcJsServer> {
  const definition: Record<string, ServiceDefinition[string]> = {};
  for (const { name, rpc } of table.methods) {
    definition[name] = {
      path: `/${rpc.parent.typeName}/${rpc.name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: Message) => Buffer.from(toBinary(rpc.input, message)),
      requestDeserialize: (bytes: Buffer) => fromBinary(rpc.input, new Uint8Array(bytes)),
      responseSerialize: (message: Message) => Buffer.from(toBinary(rpc.output, message)),
      responseDeserialize: (bytes: Buffer) => fromBinary(rpc.output, bytes),
    };
  }
  const server = new Server({ "grpc.max_receive_message_length": 8 << 20 });
  server.addService(definition, { ...handlers });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

const published = create(PublishResponseSchema, { result: { offset: 7n, epoch: "e" } });
const request = { channel: "chat", data: { n: 1 } };

/** Answers `rpc` with its params. */
const echo: Handler = (call, reply) =>
  reply(null, create(RPCResponseSchema, { result: { data: (call.request as RPCRequest).params } }));

describe("a server of @grpc/grpc-js", () => {
  test.each(["subscribe", "sendPushNotification", "connections"])(
    "@grpc/grpc-js and the client read each other's messages of %s with every field filled",
    async (name) => {
      const rpc = table.byName(name)?.rpc;
      const result = rpc?.output.field.result?.message;
      if (rpc === undefined || result === undefined) expect.fail(`there is no method ${name}`);
      const filling = { method: name, int64: "number", shape: "full" } as const;
      const asked = fillMessage(rpc.input, filling);
      const answered = fillMessage(result, filling);
      const received: Message[] = [];
      await using server = await startGrpcJs({
        [name]: (call, reply) => {
          received.push(call.request);
          reply(null, create(rpc.output, { result: answered.wire }));
        },
      });
      await using client = clientOf("grpc", server);
      const call: (request: unknown) => Promise<object> = Reflect.get(client, name);
      expect(await call(asked.plain)).toStrictEqual(answered.plain);
      expect(received).toStrictEqual([fromBinary(rpc.input, toBinary(rpc.input, asked.wire))]);
    },
  );

  test("the client reads a status of @grpc/grpc-js, and the server's error in its details", async () => {
    await using server = await startGrpcJs({
      publish: (_call, reply) => {
        const metadata = new Metadata();
        const details = encodeStatus(5, "unknown channel", { code: 102, message: "unknown channel" });
        metadata.set("grpc-status-details-bin", Buffer.from(details));
        reply({ code: 5, details: "unknown channel", metadata });
      },
      info: (_call, reply) => reply({ code: 8, details: "grpc: 100% too ü large" }),
    });
    await using client = clientOf("grpc", server);
    const known = expectError(await rejection(client.publish(request)), CentApiResponseError);
    expect([known.code, known.serverMessage]).toEqual([102, "unknown channel"]);
    const other = expectError(await rejection(client.info()), CentTransportError, { method: "info" });
    expect([other.grpcStatus, other.message]).toEqual([8, "info: grpc: 100% too ü large"]);
  });

  test("a method that @grpc/grpc-js does not have is a CentUnimplementedError", async () => {
    await using server = await startGrpcJs({});
    await using client = clientOf("grpc", server);
    const error = expectError(await rejection(client.info()), CentUnimplementedError, { method: "info" });
    expect(error.grpcStatus).toBe(12);
  });

  test("@grpc/grpc-js gets metadata, and interceptors see its headers and trailers", async () => {
    const received: Metadata[] = [];
    const seen: (string | null)[] = [];
    const watching: Interceptor = (next) => async (call) => {
      const response = await next(call);
      seen.push(response.header.get("x-header"), response.trailer.get("x-trailer"));
      return response;
    };
    await using server = await startGrpcJs({
      publish: (call, reply) => {
        received.push(call.metadata);
        const header = new Metadata();
        header.set("x-header", "a");
        call.sendMetadata(header);
        const trailer = new Metadata();
        trailer.set("x-trailer", "b");
        reply(null, published, trailer);
      },
    });
    await using client = clientOf("grpc", server, { interceptors: [watching], headers: { "x-trace": "1" } });
    expect(await client.publish(request)).toEqual(resultOf("publish", { offset: 7, epoch: "e" }));
    expect(seen).toEqual(["a", "b"]);
    expect(received.map((metadata) => metadata.getMap())).toMatchObject([
      { authorization: `apikey ${secret}`, "x-trace": "1" },
    ]);
  });

  test("@grpc/grpc-js gets the deadline of a call", async () => {
    const deadlines: number[] = [];
    await using server = await startGrpcJs({
      publish: (call, reply) => {
        deadlines.push(Number(call.getDeadline()) - Date.now());
        reply(null, published);
      },
    });
    await using client = clientOf("grpc", server, { timeoutMs: 7_000 });
    await client.publish(request);
    await client.publish(request, { timeoutMs: 90_000.5 });
    await client.publish(request, { timeoutMs: 2 ** 31 - 10_000 });
    await client.publish(request, { timeoutMs: 0 });
    const [ofClient, ofCall, longest, none] = deadlines;
    expect(ofClient).toBeGreaterThan(5_000);
    expect(ofClient).toBeLessThanOrEqual(7_001);
    expect(ofCall).toBeGreaterThan(88_000);
    expect(ofCall).toBeLessThanOrEqual(90_002);
    // gRPC allows eight digits, so the client sends this deadline in seconds.
    expect(longest).toBeGreaterThan(2 ** 31 - 12_000);
    expect(none).toBe(Number.POSITIVE_INFINITY);
  });

  test("@grpc/grpc-js sees a cancellation when the deadline passes", async () => {
    const cancelled: boolean[] = [];
    await using server = await startGrpcJs({
      publish: (call) => call.on("cancelled", () => cancelled.push(call.cancelled)),
    });
    await using client = clientOf("grpc", server, { timeoutMs: 500 });
    expectError(await rejection(client.publish(request)), CentTimeoutError);
    await until(() => cancelled.length === 1, "the server sees the cancellation");
    expect(cancelled).toEqual([true]);
  });

  test("messages of three megabytes pass both ways, several at once", async () => {
    await using server = await startGrpcJs({ rpc: echo });
    await using client = clientOf("grpc", server);
    const text = "0123456789abcde\u00fc".repeat(3 << 16);
    const binary = new Uint8Array(3 << 20).map((_byte, index) => index * 7);
    const [one, two, three] = await Promise.all([
      client.rpc({ method: "echo", params: text }),
      client.rpc({ method: "echo", params: binary }),
      client.rpc({ method: "echo", params: [text] }),
    ]);
    expect(one.data === text).toBe(true);
    expect(Buffer.from(two.data as Uint8Array).equals(binary)).toBe(true);
    // A Buffer would keep the whole reply in memory.
    expect(Object.getPrototypeOf(two.data)).toBe(Uint8Array.prototype);
    expect(three.data).toHaveLength(1);
    expect((three.data as string[])[0] === text).toBe(true);
  });

  test("1,000 calls in flight get their own results in another order", async () => {
    const waiting: (() => void)[] = [];
    await using server = await startGrpcJs({
      rpc: (call, reply) => {
        waiting.push(() => echo(call, reply));
        if (waiting.length === 1_000) for (const answer of waiting.reverse()) answer();
      },
    });
    await using client = clientOf("grpc", server);
    const numbers = Array.from({ length: 1_000 }, (_, number) => number);
    const results = await Promise.all(
      numbers.map((number) => client.rpc({ method: "echo", params: number })),
    );
    expect(results.map(({ data }) => data)).toEqual(numbers);
  });
});
