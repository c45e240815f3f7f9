import { create, fromBinary } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { CentrifugoApi, InfoRequestSchema, InfoResponseSchema } from "#api";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { isUnprocessed, LimitedWork } from "../../../src/limits/run-within.ts";
import type { Connection } from "../../../src/transport/grpc/connection.ts";
import { Exchange } from "../../../src/transport/grpc/exchange.ts";
import type { GrpcSession } from "../../../src/transport/grpc/session.ts";
import type { Waiter } from "../../../src/transport/waiting-calls.ts";
import { FakeStream } from "../../harness/fake-http2-session.ts";
import { grpcFrame } from "../../harness/misbehaving-server.ts";

beforeAll(loadBinaryFormat);

const { info } = CentrifugoApi.method;
const reply = Buffer.from(grpcFrame(Uint8Array.of(18, 0)));
const head = { ":status": 200, "content-type": "application/grpc" };
const ok = { "grpc-status": "0" };

/** An exchange over a connection whose streams the test drives. */
function begin({ maxResponseBytes = 100, isRefused = false, open = () => new FakeStream() } = {}) {
  const streams: FakeStream[] = [];
  const connection = {
    closing: 0,
    signs: 7,
    open: vi.fn((_headers: object) => {
      const stream = open();
      streams.push(stream);
      return stream;
    }),
    hasRefused: () => isRefused,
    streamClosed: vi.fn(),
    heard: vi.fn(),
    abort: vi.fn(),
  };
  const session = {
    origin: "http://centrifugo.test",
    start: vi.fn((waiter: Waiter<Connection>) => waiter.start(connection as unknown as Connection)),
    replace: vi.fn(),
    onTimeout: vi.fn(),
  };
  const responses: UnaryResponse[] = [];
  const failures: ConnectError[] = [];
  const call = new LimitedWork<UnaryResponse>(
    0,
    undefined,
    (response) => responses.push(response),
    (reason) => failures.push(reason as ConnectError),
  );
  new Exchange(
    { session: session as unknown as GrpcSession, prefix: "/grpc", maxResponseBytes },
    { method: info, message: create(InfoRequestSchema), header: { "x-a": "1" } },
    call as never,
  );
  return { connection, session, streams, stream: streams[0] as FakeStream, call, responses, failures };
}

/** The head of a reply, its data and its trailers arrive. */
function answer(stream: FakeStream, data: Buffer = reply, trailers: object = ok): void {
  stream.emit("response", head);
  stream.emit("data", data);
  stream.emit("trailers", trailers);
}

function close(stream: FakeStream, rstCode?: number, error?: Error): void {
  stream.rstCode = rstCode;
  if (error !== undefined) stream.emit("error", error);
  stream.emit("close");
}

describe("a request", () => {
  test("an exchange sends its request on a stream, and counts it", () => {
    const { connection, stream, call } = begin();
    expect(connection.open).toHaveBeenCalledExactlyOnceWith({
      ":method": "POST",
      ":path": "/grpc/centrifugal.centrifugo.api.CentrifugoApi/Info",
      "x-a": "1",
      "content-type": "application/grpc+proto",
      te: "trailers",
    });
    expect([stream.end.mock.calls, call.sent]).toEqual([[[grpcFrame(new Uint8Array())]], 1]);
  });

  test.each(["ERR_HTTP2_GOAWAY_SESSION", "ERR_HTTP2_INVALID_SESSION", "ERR_HTTP2_OUT_OF_STREAMS"])(
    "a request that a session refuses with %s goes to another one",
    (code) => {
      let attempts = 0;
      const { session, streams, call, failures } = begin({
        open: () => {
          if (++attempts < 4) throw Object.assign(new Error("no"), { code });
          return new FakeStream();
        },
      });
      expect([attempts, streams.length, session.replace.mock.calls.length]).toEqual([4, 1, 3]);
      expect([failures, call.sent]).toEqual([[], 1]);
      expect(session.replace).toHaveBeenLastCalledWith(expect.anything(), 3);
    },
  );

  test("a request that four sessions refuse fails, as not processed", () => {
    const { session, failures } = begin({
      open: () => {
        throw Object.assign(new Error("no"), { code: "ERR_HTTP2_INVALID_SESSION" });
      },
    });
    expect(session.start).toHaveBeenCalledTimes(4);
    expect(failures).toMatchObject([{ rawMessage: "no (http://centrifugo.test)", code: Code.Unavailable }]);
    expect(failures.map(isUnprocessed)).toEqual([true]);
  });

  test("a request that HTTP/2 does not take fails at once, and leaves the session alone", () => {
    const error = new Error("bad header");
    const { session, failures, call } = begin({
      open: () => {
        throw error;
      },
    });
    expect(failures).toMatchObject([
      { rawMessage: "bad header", cause: { kind: "request", field: "", cause: error } },
    ]);
    expect([session.start.mock.calls.length, session.replace.mock.calls.length, call.sent]).toEqual([
      1, 0, 0,
    ]);
  });
});

describe("a reply", () => {
  test("an exchange gives the response at the end of its data, and counts the stream until it closes", () => {
    const { connection, stream, responses, failures } = begin();
    answer(stream);
    expect([responses.length, connection.heard.mock.calls.length]).toEqual([0, 2]);
    stream.emit("end");
    expect(responses).toMatchObject([{ message: fromBinary(InfoResponseSchema, Uint8Array.of(18, 0)) }]);
    expect(responses[0]?.header.get("content-type")).toBe("application/grpc");
    expect(responses[0]?.trailer.get("grpc-status")).toBe("0");
    expect([connection.closing, connection.streamClosed.mock.calls.length]).toEqual([1, 0]);
    close(stream);
    expect([connection.closing, connection.streamClosed.mock.calls.length]).toEqual([0, 1]);
    expect([responses.length, failures.length]).toEqual([1, 0]);
  });

  test("a reply without a status fails when the stream closes, as cut short", () => {
    const { connection, stream, failures } = begin();
    stream.emit("response", head);
    stream.emit("end");
    expect([failures, connection.closing]).toEqual([[], 0]);
    close(stream, 0);
    expect(failures).toHaveLength(1);
    expect(connection.closing).toBe(0);
  });

  test("a status counts despite a reset after it, and a reset without one does not", () => {
    const complete = begin();
    answer(complete.stream);
    close(complete.stream, 8);
    expect(complete.responses).toHaveLength(1);
    const broken = begin();
    broken.stream.emit("response", head);
    broken.stream.emit("data", reply);
    close(broken.stream, 2);
    const rawMessage =
      "INTERNAL_ERROR: the stream ended before the reply was complete (http://centrifugo.test)";
    expect(broken.failures).toMatchObject([{ rawMessage, code: Code.Unavailable }]);
  });

  test("a stream that ends without a reply says by which code, known or not, or by which error", () => {
    const failureOf = (rstCode?: number, error?: Error) => {
      const { stream, failures } = begin();
      close(stream, rstCode, error);
      return failures[0]?.rawMessage;
    };
    const rest = "the stream ended before the reply was complete (http://centrifugo.test)";
    expect(failureOf()).toBe(`NO_ERROR: ${rest}`);
    expect(failureOf(8)).toBe(`CANCEL: ${rest}`);
    expect(failureOf(99)).toBe(`99: ${rest}`);
    expect(failureOf(8, new Error("reset"))).toBe("reset (http://centrifugo.test)");
    const half = begin();
    half.stream.emit("response", head);
    close(half.stream, 0, new Error("reset"));
    expect(half.failures[0]?.rawMessage).toBe("reset (http://centrifugo.test)");
  });

  test("a reply of the limit is taken, and a larger one is refused and reset at once", () => {
    const fine = begin({ maxResponseBytes: 2 });
    answer(fine.stream);
    fine.stream.emit("end");
    expect([fine.responses.length, fine.stream.close.mock.calls.length]).toEqual([1, 0]);
    const { connection, stream, failures } = begin({ maxResponseBytes: 1 });
    answer(stream);
    expect(failures).toMatchObject([
      { rawMessage: "the reply has more than 1 bytes, the limit maxResponseBytes" },
    ]);
    expect([stream.close.mock.calls, connection.closing]).toEqual([[[8]], 1]);
    stream.emit("data", reply);
    stream.emit("end");
    expect([stream.close.mock.calls.length, connection.closing]).toEqual([1, 1]);
    close(stream, 8);
    expect([failures.length, connection.closing]).toEqual([1, 0]);
  });

  test("a compressed reply is refused with the name of its compression", () => {
    const { stream, failures } = begin();
    stream.emit("response", { ...head, "grpc-encoding": "gzip" });
    stream.emit("data", Buffer.concat([Buffer.of(1), reply.subarray(1)]));
    stream.emit("trailers", ok);
    stream.emit("end");
    expect(failures[0]?.rawMessage).toContain("the reply is compressed (gzip)");
  });

  test("the 100th 1xx response ends the connection", () => {
    const { connection, stream } = begin();
    for (let count = 0; count < 99; count++) stream.emit("headers", {});
    expect(connection.abort).not.toHaveBeenCalled();
    stream.emit("headers", {});
    stream.emit("headers", {});
    const rawMessage = "the server sends 1xx headers without end";
    expect(connection.abort).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ rawMessage }));
  });
});

describe("a stream that the server refused", () => {
  test("a refused request is sent again up to three times, and counts once", () => {
    const { session, streams, call, failures } = begin({ isRefused: true });
    for (let count = 1; count <= 4; count++) {
      expect([streams.length, call.sent]).toEqual([count, 1]);
      close(streams[count - 1] as FakeStream, 7);
    }
    expect([streams.length, call.sent, session.replace.mock.calls.length]).toEqual([4, 0, 4]);
    expect(failures.map(isUnprocessed)).toEqual([true]);
    expect(failures[0]?.rawMessage).toContain("REFUSED_STREAM");
  });

  test("the stream of a request that was sent again counts as closing, like the first", () => {
    const { connection, streams } = begin({ isRefused: true });
    close(streams[0] as FakeStream, 7);
    answer(streams[1] as FakeStream);
    streams[1]?.emit("end");
    expect(connection.closing).toBe(1);
    close(streams[1] as FakeStream);
    expect(connection.closing).toBe(0);
  });

  test("a request whose reply began is not sent again, whatever the server says", () => {
    const { streams, stream, call, failures } = begin({ isRefused: true });
    stream.emit("response", head);
    close(stream, 7);
    expect([streams.length, call.sent, failures.length]).toEqual([1, 1, 1]);
    expect(failures.map(isUnprocessed)).toEqual([undefined]);
  });
});

describe("a call that ends first", () => {
  test.each([
    [Code.Canceled, 0],
    [Code.DeadlineExceeded, 1],
  ])("an end with code %i resets the stream, and a timeout is reported", (code, timeouts) => {
    const { connection, session, stream, call, failures } = begin();
    connection.signs++;
    call.end(new ConnectError("enough", code));
    expect([stream.close.mock.calls, connection.closing]).toEqual([[[8]], 1]);
    expect(session.onTimeout.mock.calls).toEqual(Array(timeouts).fill([connection, 7]));
    close(stream, 8);
    expect([connection.closing, failures.length]).toEqual([0, 1]);
  });
});
