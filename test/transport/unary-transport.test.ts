import { create } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { CentrifugoApi, InfoRequestSchema } from "#api";
import { asUnprocessed, isUnprocessed } from "../../src/limits/run-within.ts";
import type { UnaryCall, UnaryTransportOptions } from "../../src/transport/unary-transport.ts";
import { createUnaryTransport } from "../../src/transport/unary-transport.ts";
import type { WireRequest } from "../../src/transport/wire-messages.ts";

const { info } = CentrifugoApi.method;
const message = create(InfoRequestSchema);
const response = {} as never;

/** A transport whose requests are answered with `response`, or as the test says. */
function setUp(given: Partial<UnaryTransportOptions> = {}) {
  const roundTrip = vi.fn((_request: WireRequest, call: UnaryCall) => call.resolve(response));
  const close = vi.fn(async () => {});
  const url = () => "http://centrifugo.test/api/info";
  const it = createUnaryTransport({ roundTrip, interceptors: [], url, close, ...given });
  const call = (timeoutMs?: number, signal?: AbortSignal, headers?: HeadersInit) =>
    it.transport.unary(info, signal, timeoutMs, headers, message);
  const failure = async () => (await call().catch((error: unknown) => error)) as ConnectError;
  return { ...it, call, failure, roundTrip, closeConnections: close };
}

describe("a transport for unary calls", () => {
  test("a request has the message, and the headers with the deadline", async () => {
    const deadlineHeader = (ms: number) => ({ "x-timeout": `${ms}` });
    const { call, roundTrip } = setUp({ deadlineHeader });
    expect(await call(500, undefined, { "x-a": "1" })).toBe(response);
    await call(0);
    await call();
    const requests = roundTrip.mock.calls.map(([request]) => request);
    expect(requests).toEqual([
      { method: info, message, header: { "x-a": "1", "x-timeout": "500" } },
      { method: info, message, header: {} },
      { method: info, message, header: {} },
    ]);
    const other = setUp();
    await other.call(500, undefined, { "x-a": "1" });
    expect(other.roundTrip.mock.calls[0]?.[0].header).toEqual({ "x-a": "1" });
  });

  test("a request that throws before it is sent rejects its call", async () => {
    const error = new ConnectError("no", Code.Internal);
    const { failure } = setUp({
      roundTrip: () => {
        throw error;
      },
    });
    expect(await failure()).toBe(error);
  });

  test("a stream is refused", async () => {
    const { transport } = setUp();
    const stream = transport.stream(info as never, undefined, undefined, undefined, [] as never);
    await expect(stream).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage: "Info is a stream, and this transport sends unary calls",
    });
  });

  test("a close rejects the calls in flight and the later ones, and ends the connections", async () => {
    const roundTrip = vi.fn();
    const { call, close, closeConnections } = setUp({ roundTrip });
    const closed = { rawMessage: "the client was closed", code: Code.Unavailable };
    const early = expect(call()).rejects.toMatchObject(closed);
    await close();
    await early;
    await expect(call()).rejects.toMatchObject(closed);
    expect([closeConnections.mock.calls.length, roundTrip.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("interceptors", () => {
  test("an interceptor gets the request as Connect describes it", async () => {
    const seen: object[] = [];
    const watching: Interceptor = (next) => (request) => {
      seen.push({ ...request, header: Object.fromEntries(request.header) });
      request.header.set("x-b", "2");
      return next(request);
    };
    const { call, roundTrip } = setUp({ interceptors: [watching] });
    expect(await call(0, undefined, { "x-a": "1" })).toBe(response);
    expect(seen).toEqual([
      {
        stream: false,
        service: CentrifugoApi,
        method: info,
        requestMethod: "POST",
        url: "http://centrifugo.test/api/info",
        header: { "x-a": "1" },
        contextValues: expect.anything(),
        message,
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(roundTrip.mock.calls[0]?.[0]).toEqual({
      method: info,
      message,
      header: { "x-a": "1", "x-b": "2" },
    });
  });

  test("the first interceptor is the outermost", async () => {
    const order: number[] = [];
    const numbered =
      (number: number): Interceptor =>
      (next) =>
      (request) => {
        order.push(number);
        return next(request);
      };
    await setUp({ interceptors: [numbered(1), numbered(2)] }).call();
    expect(order).toEqual([1, 2]);
  });

  test("the end of a call aborts the signal of its interceptors, with the reason", async () => {
    const signals: AbortSignal[] = [];
    const waiting: Interceptor = () => (request) => {
      signals.push(request.signal);
      return new Promise(() => {});
    };
    const controller = new AbortController();
    const ended = setUp({ interceptors: [waiting] })
      .call(0, controller.signal)
      .catch((error: unknown) => error);
    expect(signals[0]?.aborted).toBe(false);
    controller.abort("enough");
    expect(await ended).toMatchObject({ code: Code.Canceled });
    expect(signals[0]?.reason).toBe(await ended);
  });
});

describe("errors behind an interceptor, and whether a request was processed", () => {
  /** Sends a request that the server took (1) or did not (0), or one that fails without a word on that. */
  const roundTrip = ({ header }: WireRequest, call: UnaryCall) => {
    call.countSent(0);
    const failure = new ConnectError("lost", Code.Unavailable);
    if (header["x-sent"] === "0") return call.reject(asUnprocessed(failure));
    call.countSent(1);
    call.reject(failure);
  };
  const sends = (sent: string, then: Interceptor): Interceptor => {
    return (next) => (request) => {
      request.header.set("x-sent", sent);
      return then(next)(request);
    };
  };
  const passing: Interceptor = (next) => next;
  const throwing =
    (error: unknown): Interceptor =>
    (next) =>
    async (request) => {
      await next(request).catch(() => {});
      throw error;
    };

  test("an error that passes through stays as it is", async () => {
    for (const [sent, mark] of [
      ["0", true],
      ["1", undefined],
    ] as const) {
      const error = await setUp({ roundTrip, interceptors: [sends(sent, passing)] }).failure();
      expect([error.rawMessage, isUnprocessed(error)]).toEqual(["lost", mark]);
    }
  });

  test("an error of the interceptor's own is as unprocessed as its request", async () => {
    for (const [sent, mark] of [
      ["0", true],
      ["1", false],
    ] as const) {
      const own = new ConnectError("mine", Code.Aborted);
      const error = await setUp({ roundTrip, interceptors: [sends(sent, throwing(own))] }).failure();
      expect([error, isUnprocessed(error)]).toEqual([own, mark]);
    }
  });

  test("an error other than Connect's becomes the interceptor's failure", async () => {
    const error = await setUp({
      roundTrip,
      interceptors: [sends("1", throwing(new Error("mine")))],
    }).failure();
    expect([error.rawMessage, error.code]).toEqual(["an interceptor failed: mine", Code.Unknown]);
    expect(isUnprocessed(error)).toBe(false);
  });

  test("an error before any request says nothing", async () => {
    const thrown = new ConnectError("mine", Code.Aborted);
    const error = await setUp({
      roundTrip,
      interceptors: [
        () => async () => {
          throw thrown;
        },
      ],
    }).failure();
    expect([error, isUnprocessed(error)]).toEqual([thrown, undefined]);
  });

  test("an unprocessed request after a processed one leaves the call processed", async () => {
    const twice: Interceptor = (next) => async (request) => {
      request.header.set("x-sent", "1");
      await next(request).catch(() => {});
      request.header.set("x-sent", "0");
      return next(request);
    };
    const error = await setUp({ roundTrip, interceptors: [twice] }).failure();
    expect([error.rawMessage, isUnprocessed(error)]).toEqual(["lost", false]);
  });
});
