import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { BatchResponseSchema, BroadcastResponseSchema, ErrorSchema, PublishResponseSchema } from "#api";
import {
  CentApiResponseError,
  CentPartialError,
  CentTransportError,
  CentUnimplementedError,
  ErrorCode,
  failures,
  unwrap,
} from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { ofGrpcHeaders, ofReply } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { encodeStatus } from "../harness/rpc-status.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";

interface ApiError {
  readonly code: number;
  readonly message: string;
  /** The status of a reply in transport error mode. */
  readonly http: number;
  readonly grpc: Code;
}

const apiErrors: readonly ApiError[] = [
  { code: ErrorCode.INTERNAL, message: "internal server error", http: 500, grpc: Code.Internal },
  { code: ErrorCode.UNKNOWN_CHANNEL, message: "unknown channel", http: 404, grpc: Code.NotFound },
  { code: ErrorCode.NOT_FOUND, message: "not found", http: 404, grpc: Code.NotFound },
  { code: ErrorCode.BAD_REQUEST, message: "bad request", http: 400, grpc: Code.InvalidArgument },
  { code: ErrorCode.NOT_AVAILABLE, message: "not available", http: 400, grpc: Code.InvalidArgument },
  { code: ErrorCode.UNRECOVERABLE_POSITION, message: "unrecoverable", http: 416, grpc: Code.OutOfRange },
  { code: ErrorCode.CONFLICT, message: "conflict", http: 409, grpc: Code.AlreadyExists },
  { code: 999, message: 'a newer one: "ü", 100%', http: 500, grpc: Code.Internal },
  { code: 4294967295, message: "", http: 500, grpc: Code.Internal },
];

const request = { channel: "chat", data: {} };

/** A server in transport error mode. */
function inTransportMode(protocol: Protocol, { code, message, http, grpc }: ApiError) {
  if (protocol === "http") return ofReply(http, JSON.stringify({ code, message }))();
  return startScripted("grpc", () => {
    throw new ConnectError(message, grpc, undefined, [{ desc: ErrorSchema, value: { code, message } }]);
  });
}

describe.each(protocols)("%s: CentApiResponseError", (protocol) => {
  test.each(apiErrors)(
    "an error $code in the response is a CentApiResponseError",
    async ({ code, message }) => {
      const response = create(PublishResponseSchema, { error: { code, message } });
      await using server = await startScripted(protocol, () => response);
      await using client = clientOf(protocol, server);
      // The transport did not fail, so the error has no cause.
      const error = expectError(await rejection(client.publish(request)), CentApiResponseError, {
        cause: false,
      });
      expect([error.code, error.serverMessage]).toEqual([code, message]);
    },
  );

  test.each(apiErrors)(
    "an error $code in transport error mode is a CentApiResponseError",
    async (apiError) => {
      await using server = await inTransportMode(protocol, apiError);
      await using client = clientOf(protocol, server);
      const error = expectError(await rejection(client.publish(request)), CentApiResponseError);
      expect([error.code, error.serverMessage]).toEqual([apiError.code, apiError.message]);
    },
  );

  test("an error beside a result is a CentApiResponseError", async () => {
    const response = create(PublishResponseSchema, {
      error: { code: 102, message: "unknown channel" },
      result: { offset: 1n },
    });
    await using server = await startScripted(protocol, () => response);
    await using client = clientOf(protocol, server);
    const error = expectError(await rejection(client.publish(request)), CentApiResponseError, {
      cause: false,
    });
    expect(error.code).toBe(102);
  });

  test("an error without code and message has the code 0 and an empty message", async () => {
    await using server = await startScripted(protocol, () => create(PublishResponseSchema, { error: {} }));
    await using client = clientOf(protocol, server);
    const error = expectError(await rejection(client.publish(request)), CentApiResponseError, {
      cause: false,
    });
    expect([error.code, error.serverMessage]).toEqual([0, ""]);
  });

  test("failed items of a batch have their own errors, with their command's method", async () => {
    const response = create(BatchResponseSchema, {
      replies: [
        { publish: { offset: 5n, epoch: "e" } },
        { error: { code: 108, message: "not available" } },
        { broadcast: { responses: [{ error: { code: 102, message: "unknown channel" } }, { result: {} }] } },
      ],
    });
    await using server = await startScripted(protocol, () => response);
    await using client = clientOf(protocol, server);
    const { replies } = await client.batch({
      commands: [
        { publish: request },
        { history: { channel: "chat" } },
        { broadcast: { channels: ["a", "b"], data: 1 } },
      ],
    });
    expect(replies[0]).toStrictEqual({ ok: true, result: resultOf("publish", { offset: 5, epoch: "e" }) });
    const [first] = failures(replies);
    expect([first?.index, first?.error.code]).toEqual([1, 108]);
    expectError(first?.error, CentApiResponseError, { method: "history", cause: false });
    const [, , broadcast] = replies;
    if (!broadcast.ok) expect.fail("the broadcast succeeded as a command");
    const [inner] = failures(broadcast.result.responses);
    expect(inner?.index).toBe(0);
    expectError(inner?.error, CentApiResponseError, { method: "broadcast", cause: false });
    expect(broadcast.result.responses[1]).toStrictEqual({
      ok: true,
      result: resultOf("publish", { offset: 0, epoch: "" }),
    });
  });

  test("failed channels of a broadcast have their own errors, and unwrap throws a CentPartialError", async () => {
    const responses = [
      { result: { offset: 1n } },
      { error: { code: 102, message: "unknown channel" } },
      { error: { code: 100, message: "internal server error" } },
    ];
    const response = create(BroadcastResponseSchema, { result: { responses } });
    await using server = await startScripted(protocol, () => response);
    await using client = clientOf(protocol, server);
    const result = await client.broadcast({ channels: ["a", "b", "c"], data: 1 });
    expect(result.responses.map(({ ok }) => ok)).toEqual([true, false, false]);
    const error = expectError(await rejection((async () => unwrap(result.responses))()), CentPartialError, {
      method: undefined,
    });
    expect(error.failures.map(({ index, error: { code } }) => [index, code])).toEqual([
      [1, 102],
      [2, 100],
    ]);
  });
});

test.each([
  ["no code", '{"message":"no"}'],
  ["no message", '{"code":102}'],
  ["a string as code", '{"code":"102","message":"no"}'],
  ["a fraction as code", '{"code":1.5,"message":"no"}'],
  ["0 as code", '{"code":0,"message":"no"}'],
  ["an array", "[102]"],
])("http: a body with %s is not the server's error", async (_title, body) => {
  await using server = await ofReply(500, body)();
  await using client = clientOf("http", server);
  const error = expectError(await rejection(client.publish(request)), CentTransportError);
  expect([error.httpStatus, error.message]).toEqual([500, `publish: HTTP 500: ${body}`]);
});

test("http: a 404 with the server's error is no CentUnimplementedError", async () => {
  await using server = await ofReply(404, '{"code":102,"message":"unknown channel"}')();
  await using client = clientOf("http", server);
  const error = await rejection(client.publish(request));
  expect(error).not.toBeInstanceOf(CentUnimplementedError);
  expectError(error, CentApiResponseError);
});

test("grpc: the client reads an error detail in the headers, too", async () => {
  const status = encodeStatus(5, "no", { code: 102, message: "unknown channel" });
  const headers = {
    "grpc-status": "5",
    "grpc-message": "no",
    "grpc-status-details-bin": Buffer.from(status).toString("base64"),
  };
  await using server = await ofGrpcHeaders(headers)();
  await using client = clientOf("grpc", server);
  const error = expectError(await rejection(client.publish(request)), CentApiResponseError);
  expect([error.code, error.serverMessage]).toEqual([102, "unknown channel"]);
});
