import { EventEmitter } from "node:events";
import { constants } from "node:http2";
import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { CentClient } from "../../../src/index.ts";
import { CentNetworkError, CentRequestError, CentTimeoutError } from "../../../src/index.ts";
import { LimitedWork } from "../../../src/limits/run-within.ts";
import type { Connection } from "../../../src/transport/grpc/connection.ts";
import { Exchange } from "../../../src/transport/grpc/exchange.ts";
import type { GrpcSession } from "../../../src/transport/grpc/session.ts";
import type { UnaryCall } from "../../../src/transport/unary-transport.ts";
import type { Waiter } from "../../../src/transport/waiting-calls.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { hang, observedGrpc, succeed } from "../../harness/observed-grpc.ts";
import { resultOf } from "../../harness/result-of.ts";
import { table } from "../../harness/scripted-server.ts";

const { NGHTTP2_REFUSED_STREAM: refused } = constants;
const publish = (client: CentClient) => client.publish({ channel: "chat", data: 1 });

test("a refused stream is opened again, up to three times, without retries", async () => {
  await using server = await observedGrpc();
  server.answer = (stream, index) => (index < 3 ? stream.close(refused) : succeed(stream));
  await using client = clientOf("grpc", server);
  await expect(publish(client)).resolves.toEqual(resultOf("publish", { offset: 0, epoch: "" }));
  expect(server.streams).toHaveLength(4);
});

test("a fourth refusal fails the call with one attempt, as not executed", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.close(refused);
  let seen = 0;
  await using client = clientOf("grpc", server, {
    interceptors: [
      (next) => (request) => {
        seen++;
        return next(request);
      },
    ],
  });
  const error = expectError(await rejection(publish(client)), CentNetworkError);
  expect(error).toMatchObject({ attempts: 1, maybeExecuted: false });
  expect([server.streams.length, seen]).toEqual([4, 1]);
});

test("a refused stream goes to another connection", async () => {
  await using server = await observedGrpc();
  server.answer = (stream, index) => (index === 0 ? stream.close(refused) : succeed(stream));
  await using client = clientOf("grpc", server);
  await publish(client);
  expect([server.streams.map(({ id }) => id), server.sessions.length]).toEqual([[1, 1], 2]);
});

test.each([
  ["without an error", constants.NGHTTP2_NO_ERROR],
  ["with an error", constants.NGHTTP2_ENHANCE_YOUR_CALM],
])("a stream above the last one of a GOAWAY %s is opened on another connection", async (_title, code) => {
  await using server = await observedGrpc();
  server.answer = (stream, index) => {
    if (index !== 1) succeed(stream);
    else stream.session?.goaway(code, 1);
  };
  await using client = clientOf("grpc", server);
  await publish(client);
  await expect(publish(client)).resolves.toEqual(resultOf("publish", { offset: 0, epoch: "" }));
  expect([server.streams.length, server.sessions.length]).toEqual([3, 2]);
});

test("a stream below the last one of a GOAWAY with an error is not opened again", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, 2 ** 31 - 1);
  await using client = clientOf("grpc", server);
  const error = expectError(await rejection(publish(client)), CentNetworkError);
  expect(error).toMatchObject({ attempts: 1, maybeExecuted: true });
  expect(server.streams).toHaveLength(1);
});

test.each([
  [
    "reset for another reason",
    (stream: Parameters<typeof succeed>[0]) => stream.close(constants.NGHTTP2_CANCEL),
  ],
  [
    "refused after its headers came",
    (stream: Parameters<typeof succeed>[0]) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.write(Buffer.alloc(1), () => stream.close(refused));
    },
  ],
])("a stream that is %s is not opened again", async (_title, answer) => {
  await using server = await observedGrpc();
  server.answer = answer;
  await using client = clientOf("grpc", server);
  const error = expectError(await rejection(publish(client)), CentNetworkError);
  expect(error).toMatchObject({ attempts: 1, maybeExecuted: true });
  expect(server.streams).toHaveLength(1);
});

test("a call whose stream was refused keeps its deadline", async () => {
  await using server = await observedGrpc();
  server.answer = (stream, index) => (index === 0 ? setTimeout(() => stream.close(refused), 60) : hang());
  await using client = clientOf("grpc", server, { timeoutMs: 800 });
  const started = performance.now();
  const error = expectError(await rejection(publish(client)), CentTimeoutError);
  expect(error).toMatchObject({ attempts: 1, maybeExecuted: true });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(server.streams).toHaveLength(2);
});

/** A connection without a network. The test ends its streams. */
function fakeTarget() {
  const streams: EventEmitter[] = [];
  const stream = () => Object.assign(new EventEmitter(), { rstCode: refused, close() {}, end() {} });
  const connection = {
    signs: 0,
    open: () => streams[streams.push(stream()) - 1],
    hasRefused: () => true,
    streamClosed() {},
    heard() {},
  } as unknown as Connection;
  const session = {
    origin: "http://localhost",
    start: (waiter: Waiter<Connection>) => waiter.start(connection),
    replace() {},
    onTimeout() {},
  } as unknown as GrpcSession;
  return { target: { session, prefix: "", maxResponseBytes: 1 }, streams };
}

test("the stream of an aborted call is not opened again", () => {
  const { target, streams } = fakeTarget();
  const call: UnaryCall = new LimitedWork(
    0,
    undefined,
    () => {},
    () => {},
  );
  const { rpc } = table.batch;
  new Exchange(target, { method: rpc, message: create(rpc.input), header: {} }, call);
  expect([streams.length, call.sent]).toEqual([1, 1]);
  call.end(new ConnectError("the call was aborted"));
  streams[0]?.emit("close");
  expect([streams.length, call.sent]).toEqual([1, 0]);
});

test("a request that the server took is not sent again after a GOAWAY with REFUSED_STREAM", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.session?.goaway(refused, stream.id);
  await using client = clientOf("grpc", server);
  const error = expectError(await rejection(publish(client)), CentNetworkError);
  expect([error.maybeExecuted, server.streams.length]).toEqual([true, 1]);
});

test("a header that HTTP/2 does not take is a CentRequestError, and ends no connection", async () => {
  await using server = await observedGrpc();
  let isWrong = true;
  await using client = clientOf("grpc", server, {
    interceptors: [
      (next) => (request) => {
        if (isWrong) request.header.set("connection", "close");
        return next(request);
      },
    ],
  });
  const error = expectError(await rejection(publish(client)), CentRequestError);
  expect([error.maybeExecuted, server.streams.length]).toEqual([false, 0]);
  isWrong = false;
  await publish(client);
  expect(server.accepted()).toBe(1);
});

test("a message that cannot be encoded rejects its call, also after a wait for the connection", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server, {
    interceptors: [
      (next) => (request) => {
        Reflect.set(request.message, "version", "x");
        return next(request);
      },
    ],
  });
  for (let call = 0; call < 2; call++) expectError(await rejection(publish(client)), CentRequestError);
});
