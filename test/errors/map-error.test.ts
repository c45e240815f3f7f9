import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { JsonWriteError, PathError } from "../../src/codec/path-error.ts";
import { CentRequestError } from "../../src/errors/cent-error.ts";
import type { CallRecord } from "../../src/errors/map-error.ts";
import { headerRecord, mapError, runMapped } from "../../src/errors/map-error.ts";
import { asOneOfMany } from "../../src/limits/stack-traces.ts";
import {
  decodeFailure,
  interceptorFailure,
  networkFailure,
  queueFullFailure,
  requestFailure,
  statusFailure,
} from "../../src/transport/transport-failure.ts";
import { apiError, foreign, grpc, http, nodeError, once, withStatus } from "./thrown-errors.ts";

describe("an error of a call", () => {
  test.each<[string, unknown, object]>([
    [
      "an error of the API",
      apiError(107),
      { name: "CentApiResponseError", code: 107, serverMessage: "said", maybeExecuted: false },
    ],
    ["INTERNAL of the API", apiError(100), { name: "CentApiResponseError", code: 100, maybeExecuted: true }],
    ["a failed interceptor", interceptorFailure("odd"), { name: "CentError", cause: "odd" }],
    [
      "a request that cannot be written",
      requestFailure("no form", "data.a", undefined),
      { name: "CentRequestError", field: "data.a", message: "publish: no form", maybeExecuted: false },
    ],
    [
      "a request without a place",
      requestFailure("x", "", undefined),
      { name: "CentRequestError", field: undefined },
    ],
    ["a response that cannot be read", decodeFailure("x"), { name: "CentDecodeError", maybeExecuted: true }],
    ["a full queue", queueFullFailure(5), { name: "CentQueueFullError", maybeExecuted: false }],
    [
      "a deadline",
      new ConnectError("late", Code.DeadlineExceeded),
      { name: "CentTimeoutError", message: "publish: late", maybeExecuted: true },
    ],
    [
      "a wrong key",
      grpc(Code.Unauthenticated),
      {
        name: "CentUnauthorizedError",
        message: "publish: x: apiKey is not the server's grpc_api.key",
        maybeExecuted: false,
      },
    ],
    ["a lost connection", networkFailure("x"), { name: "CentNetworkError", code: undefined }],
    [
      "a lost connection with words around each other",
      networkFailure(
        "x",
        nodeError({ code: "OUTER", cause: nodeError({ code: "INNER", cause: nodeError({ code: 7 }) }) }),
      ),
      { name: "CentNetworkError", code: "INNER" },
    ],
    [
      "an HTTP status",
      http(502),
      { name: "CentTransportError", httpStatus: 502, grpcStatus: undefined, maybeExecuted: true },
    ],
    [
      "a method that is not there",
      withStatus({ httpStatus: 404 }, Code.Unimplemented),
      { name: "CentUnimplementedError", httpStatus: 404, maybeExecuted: false },
    ],
    [
      "a gRPC status",
      grpc(Code.Unavailable),
      { name: "CentTransportError", httpStatus: undefined, grpcStatus: 14, maybeExecuted: true },
    ],
    [
      "a status of another transport",
      foreign("x", Code.Unavailable),
      { name: "CentTransportError", grpcStatus: 14, maybeExecuted: true },
    ],
    [
      "a canceled stream of another transport",
      new ConnectError("x", Code.Canceled),
      { name: "CentNetworkError" },
    ],
    [
      "a system error of another transport",
      new ConnectError("x", Code.Unavailable, undefined, undefined, nodeError({ code: "EPIPE" })),
      { name: "CentNetworkError", code: "EPIPE" },
    ],
    [
      "a number for a system error",
      new ConnectError("x", Code.Unavailable, undefined, undefined, nodeError({ code: 5 })),
      { name: "CentTransportError" },
    ],
    [
      "a value that is no error",
      "text",
      { name: "CentTransportError", message: "publish: text", cause: "text" },
    ],
  ])("%s", (_what, thrown, expected) => {
    const error = mapError(thrown, "publish", once);
    expect(error).toMatchObject({ method: "publish", attempts: 1, ...expected });
    if (!("cause" in expected)) expect(error.cause).toBe(thrown);
  });

  test("an error of the family is passed on as it is", () => {
    const error = new CentRequestError("x");
    expect(mapError(error, "publish", once)).toBe(error);
  });

  test("a wrong value in the request has its place, and nothing was sent", () => {
    const cause = new JsonWriteError("no form", { path: "data" });
    expect(mapError(cause, "publish")).toMatchObject({
      name: "CentRequestError",
      message: "publish: data: no form",
      field: "data",
      attempts: 0,
      maybeExecuted: false,
      cause,
    });
    const earlier = { ...once, attempts: 3, maybeExecuted: true };
    expect(mapError(new PathError("x"), "publish", earlier)).toMatchObject({
      attempts: 3,
      maybeExecuted: true,
      field: undefined,
    });
  });

  test("a missing key is named where no key was given", () => {
    const record: CallRecord = { ...once, key: "none" };
    expect(mapError(grpc(Code.Unauthenticated), "info", record).message).toBe(
      "info: x: no apiKey was given; use the server's grpc_api.key",
    );
  });

  test.each([
    "protocol error: missing output message",
    "parse binary: x",
    "parse json: x",
    "unsupported content type text/html",
  ])("another transport's %j is a response that cannot be read", (message) => {
    expect(mapError(new ConnectError(message, Code.Internal), "info", once).name).toBe("CentDecodeError");
    expect(mapError(foreign(message, Code.Internal), "info", once).name).toBe("CentTransportError");
  });

  test.each(["protocol error: missing status", "a protocol error: x", "parse xml: x"])(
    "another transport's %j is a status",
    (message) => {
      expect(mapError(new ConnectError(message, Code.Internal), "info", once).name).toBe(
        "CentTransportError",
      );
    },
  );

  test("an earlier attempt that may have been executed counts", () => {
    const again = { ...once, attempts: 2, maybeExecuted: true };
    for (const thrown of [apiError(107), http(429), queueFullFailure(1)]) {
      expect(mapError(thrown, "publish", again)).toMatchObject({ attempts: 2, maybeExecuted: true });
    }
  });

  test("a call that no transport got was not executed", () => {
    expect(mapError(http(502), "publish").maybeExecuted).toBe(false);
  });

  test("a time-out of many has no stack trace, and one has", () => {
    const timeout = () => new ConnectError("late", Code.DeadlineExceeded);
    expect(mapError(asOneOfMany(timeout()), "info", once).stack).not.toContain("\n    at ");
    expect(mapError(timeout(), "info", once).stack).toContain("\n    at ");
  });

  test("headers are a record, or undefined where there are none", () => {
    expect(headerRecord(new Headers())).toBeUndefined();
    expect(headerRecord(new Headers({ "X-A": "1" }))).toEqual({ "x-a": "1" });
    const error = statusFailure(
      "x",
      { httpStatus: 503 },
      Code.Unavailable,
      new Headers({ "retry-after": "7" }),
    );
    expect(mapError(error, "info", once)).toMatchObject({
      headers: { "retry-after": "7" },
      retryAfterMs: 7_000,
    });
    expect(mapError(http(503), "info", once).headers).toBeUndefined();
  });
});

test("work that sends nothing names its method in its errors", () => {
  const error = new PathError("is wrong", { path: "channel" });
  const run = () =>
    runMapped("publish", () => {
      throw error;
    });
  expect(run).toThrow(CentRequestError);
  expect(run).toThrow(expect.objectContaining({ method: "publish", field: "channel", cause: error }));
  expect(runMapped("publish", () => 1)).toBe(1);
});
