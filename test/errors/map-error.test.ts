import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorSchema } from "#api";
import { JsonWriteError, PathError } from "../../src/codec/path-error.ts";
import type { CentError } from "../../src/errors/cent-error.ts";
import { CentRequestError } from "../../src/errors/cent-error.ts";
import type { CallRecord } from "../../src/errors/map-error.ts";
import { headerRecord, mapError } from "../../src/errors/map-error.ts";
import { isRefusedRequest, isTlsCode } from "../../src/errors/maybe-executed.ts";
import { asUnprocessed } from "../../src/limits/run-within.ts";
import { asOneOfMany } from "../../src/limits/stack-traces.ts";
import type { ReplyStatus } from "../../src/transport/transport-failure.ts";
import {
  decodeFailure,
  interceptorFailure,
  networkFailure,
  queueFullFailure,
  requestFailure,
  statusFailure,
  TransportFailure,
} from "../../src/transport/transport-failure.ts";

const once: CallRecord = { attempts: 1, maybeExecuted: false, key: "apiKey" };

/** An error of Node.js or undici. */
const nodeError = (fields: object, message = "x") => Object.assign(new Error(message), fields);

/** The error of a response with a status, as our transports throw it. */
const withStatus = (status: ReplyStatus, code = Code.Unknown, message = "x") =>
  statusFailure(message, status, code);

/** The error of another Connect transport, with a status from the wire. */
function foreign(message: string, code: Code): ConnectError {
  const error = new ConnectError(message, code);
  Object.defineProperty(error, "isWireError", { value: true });
  return error;
}

const http = (httpStatus: number) => withStatus({ httpStatus });
const grpc = (grpcStatus: Code, message?: string) => withStatus({ grpcStatus }, grpcStatus, message);
const apiError = (code: number) =>
  new ConnectError("x", Code.Unknown, undefined, [
    { desc: ErrorSchema, value: create(ErrorSchema, { code, message: "said" }) },
  ]);

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

describe("a failed request", () => {
  const maybe = (thrown: unknown) => (mapError(thrown, "publish", once) as CentError).maybeExecuted;

  test("maybeExecuted is false for HTTP statuses that refuse a request", () => {
    const not = [300, 301, 399, 400, 401, 403, 404, 405, 411, 413, 429];
    const may = [200, 299, 402, 406, 408, 409, 410, 412, 414, 500, 502, 503, 504];
    expect(not.filter((status) => maybe(http(status)))).toEqual([]);
    expect(may.filter((status) => !maybe(http(status)))).toEqual([]);
  });

  test.each([grpc, (code: Code, message = "x") => foreign(message, code)])(
    "maybeExecuted is false for gRPC statuses that refuse a request, %#",
    (make) => {
      const codes = Array.from({ length: 16 }, (_, index) => index + 1);
      const not = codes.filter((code) => !maybe(make(code)));
      expect(not).toEqual([Code.InvalidArgument, Code.Unimplemented, Code.Unauthenticated]);
    },
  );

  test("maybeExecuted is false for RESOURCE_EXHAUSTED about a received message that is too large", () => {
    const not = [
      "received message larger than max (10 vs. 4)",
      "message too large",
      "exceeds the limit",
      "wrong size",
      "LARGE",
    ];
    const may = [
      "too many requests",
      "trying to send message larger than max (10 vs. 4)",
      "message size 5 is larger than sendMaxBytes",
      "Sent message larger than max",
      "writeMaxBytes: message is too large",
      "enlarged",
    ];
    expect(not.filter((text) => maybe(grpc(Code.ResourceExhausted, text)))).toEqual([]);
    expect(may.filter((text) => !maybe(grpc(Code.ResourceExhausted, text)))).toEqual([]);
    expect(maybe(grpc(Code.Unknown, "message too large"))).toBe(true);
  });

  test("maybeExecuted is true for a refusing status that the transport itself made up", () => {
    expect(maybe(new ConnectError("x", Code.InvalidArgument))).toBe(true);
    expect(maybe(decodeFailure("x"))).toBe(true);
    const lost = new TransportFailure("network", "x", {});
    expect(maybe(new ConnectError("x", Code.Unauthenticated, undefined, undefined, lost))).toBe(true);
  });

  test("maybeExecuted is false for a connection that was not made", () => {
    const codes = [
      "ECONNREFUSED",
      "ENOTFOUND",
      "EAI_AGAIN",
      "UND_ERR_CONNECT_TIMEOUT",
      "UND_ERR_PRX_TLS",
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED",
      "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
      "ERR_SSL_TLSV1_ALERT_ACCESS_DENIED",
      "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
      "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    ];
    const calls = ["connect", "getaddrinfo"];
    const may = ["ECONNRESET", "EPIPE", "ERR_SSL_DECRYPTION_FAILED", "X_CERT_", "UND_ERR_SOCKET"];
    expect(codes.filter((code) => maybe(networkFailure("x", nodeError({ code }))))).toEqual([]);
    expect(calls.filter((syscall) => maybe(networkFailure("x", nodeError({ syscall }))))).toEqual([]);
    expect(may.filter((code) => !maybe(networkFailure("x", nodeError({ code }))))).toEqual([]);
    expect(maybe(networkFailure("x", nodeError({ syscall: "read" })))).toBe(true);
    expect(maybe(networkFailure("x", new Error("outer", { cause: nodeError({ code: "ENOTFOUND" }) })))).toBe(
      false,
    );
  });

  test("maybeExecuted is false for a proxy that refused a request or a tunnel", () => {
    const says = (message: string) => maybe(networkFailure("x", new Error(message)));
    expect(says("Proxy response (407) !== 200 when HTTP Tunneling")).toBe(false);
    expect(says("Proxy Authentication Required (407)")).toBe(false);
    expect(says("Proxy Authentication Required (407) or not")).toBe(true);
    expect(says("Proxy response (x) !== 200 when HTTP Tunneling")).toBe(true);
    expect(says("A Proxy response (407) !== 200 when HTTP Tunneling")).toBe(true);
    expect(says("Proxy response (407) !== 200 when HTTP Tunneling failed")).toBe(true);
  });

  test("maybeExecuted follows the outermost mark of an error", () => {
    const inner = (holds: boolean) => asUnprocessed(nodeError({ code: "ECONNREFUSED" }), holds);
    expect(maybe(networkFailure("x", inner(false)))).toBe(true);
    expect(maybe(networkFailure("x", inner(true)))).toBe(false);
    expect(maybe(asUnprocessed(networkFailure("x", inner(false)), true))).toBe(false);
    expect(maybe(asUnprocessed(http(502)))).toBe(false);
  });

  test("maybeExecuted is found where causes form a cycle", () => {
    const [first, second] = [new Error("1"), new Error("2")];
    Object.assign(first, { cause: second });
    Object.assign(second, { cause: first });
    expect(mapError(networkFailure("x", first), "info", once)).toMatchObject({ maybeExecuted: true });
  });
});

describe("a request is refused for its form", () => {
  test("with the HTTP statuses for a wrong form", () => {
    const statuses = [200, 300, 400, 401, 403, 404, 405, 411, 413, 429, 500];
    expect(statuses.filter((status) => isRefusedRequest(http(status)))).toEqual([400, 404, 405, 411, 413]);
  });

  test.each([grpc, (code: Code, message = "x") => foreign(message, code)])(
    "with the gRPC statuses for a wrong form, %#",
    (make) => {
      const codes = Array.from({ length: 16 }, (_, index) => index + 1);
      const refused = codes.filter((code) => isRefusedRequest(make(code)));
      expect(refused).toEqual([Code.InvalidArgument, Code.Unimplemented]);
      expect(isRefusedRequest(make(Code.ResourceExhausted, "too large"))).toBe(true);
    },
  );

  test("where the transport could not write it", () => {
    expect(isRefusedRequest(requestFailure("x", "data", undefined))).toBe(true);
    const others = [
      decodeFailure("x"),
      networkFailure("x"),
      interceptorFailure("x"),
      new ConnectError("x", Code.InvalidArgument),
      new Error("x"),
      undefined,
    ];
    expect(others.filter(isRefusedRequest)).toEqual([]);
  });
});

test("a code of TLS is a string", () => {
  expect(["CERT_HAS_EXPIRED", ["CERT_HAS_EXPIRED"], 1, undefined].map(isTlsCode)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
