import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { PathError } from "../../src/codec/path-error.ts";
import {
  compressedFailure,
  connectionFailure,
  decodeFailure,
  httpStatusText,
  inReply,
  interceptorFailure,
  messageOf,
  networkFailure,
  queueFullFailure,
  requestFailure,
  statusFailure,
  TransportFailure,
  tooLargeFailure,
} from "../../src/transport/transport-failure.ts";

const cause = new Error("below");
const headers = new Headers({ "x-a": "1" });

test.each<[string, () => ConnectError, Code, object]>([
  ["a network failure", () => networkFailure("x", cause), Code.Unavailable, { kind: "network", cause }],
  [
    "a status",
    () => statusFailure("x", { httpStatus: 502 }, Code.Unavailable),
    Code.Unavailable,
    { kind: "status", httpStatus: 502, grpcStatus: undefined },
  ],
  [
    "a gRPC status",
    () => statusFailure("x", { grpcStatus: 5 }, Code.NotFound),
    Code.NotFound,
    { kind: "status", httpStatus: undefined, grpcStatus: 5 },
  ],
  ["a wrong reply", () => decodeFailure("x", cause), Code.Internal, { kind: "decode", cause }],
  [
    "a wrong request",
    () => requestFailure("x", "data", cause),
    Code.InvalidArgument,
    { kind: "request", field: "data", cause },
  ],
  [
    "an interceptor",
    () => interceptorFailure(cause),
    Code.Unknown,
    { kind: "interceptor", message: "an interceptor failed: below", cause },
  ],
  [
    "another function",
    () => interceptorFailure("text", "onRetry"),
    Code.Unknown,
    { kind: "interceptor", message: "onRetry failed: text", cause: "text" },
  ],
  [
    "a compressed reply",
    () => compressedFailure("gzip"),
    Code.Internal,
    { kind: "decode", message: "the reply is compressed (gzip), but no compression was requested" },
  ],
  [
    "a compressed reply of no named encoding",
    () => compressedFailure(undefined),
    Code.Internal,
    { message: "the reply is compressed (no encoding is named), but no compression was requested" },
  ],
  [
    "a large reply",
    () => tooLargeFailure(5),
    Code.Internal,
    { kind: "decode", message: "the reply has more than 5 bytes, the limit maxResponseBytes" },
  ],
  [
    "a full queue",
    () => queueFullFailure(2),
    Code.ResourceExhausted,
    { kind: "queue", message: "2 calls wait to be sent, the limit maxQueued" },
  ],
  [
    "a queue without places",
    () => queueFullFailure(0),
    Code.ResourceExhausted,
    { kind: "queue", message: "no call can be sent at once, and maxQueued is 0" },
  ],
])("%s is a ConnectError with its kind", (_what, make, code, failure) => {
  const error = make();
  expect(error).toBeInstanceOf(ConnectError);
  expect(error.code).toBe(code);
  expect(error.cause).toBeInstanceOf(TransportFailure);
  expect(error.cause).toMatchObject({ name: "TransportFailure", message: error.rawMessage, ...failure });
});

test("failures of replies have their headers", () => {
  for (const error of [
    statusFailure("x", {}, Code.Unknown, headers),
    decodeFailure("x", undefined, headers),
    compressedFailure("gzip", headers),
  ])
    expect(error.metadata.get("x-a")).toBe("1");
});

test("a failure without a cause has no property for one", () => {
  expect(Object.hasOwn(networkFailure("x").cause as object, "cause")).toBe(false);
});

describe("the words for a failed connection", () => {
  const words = (error: unknown) => connectionFailure(error, "http://a.test").rawMessage;
  const coded = (code: unknown, reason?: unknown) => Object.assign(new Error("text"), { code, reason });

  test("the words are the message of its error and the server", () => {
    expect(words(coded("ECONNREFUSED"))).toBe("text (http://a.test)");
    expect(words(new ConnectError("raw", Code.Internal))).toBe("raw (http://a.test)");
    expect(words("odd")).toBe("odd (http://a.test)");
    expect(words(new AggregateError([]))).toBe("AggregateError (http://a.test)");
  });

  test("the words are the reason of OpenSSL for its errors", () => {
    expect(words(coded("ERR_SSL_X", "wrong version"))).toBe("TLS: wrong version (http://a.test)");
    expect(words(coded("ERR_SSL_X"))).toBe("text (http://a.test)");
    expect(words(coded("ECONNRESET", "wrong version"))).toBe("text (http://a.test)");
    expect(words(coded("X_ERR_SSL_", "wrong version"))).toBe("text (http://a.test)");
  });

  test("the failure keeps the error as it came", () => {
    const outer = new Error("outer");
    expect(connectionFailure(cause, "x").cause).toMatchObject({ kind: "network", cause });
    expect((connectionFailure(cause, "x", outer).cause as Error).cause).toBe(outer);
  });
});

describe("the words for an HTTP status", () => {
  const redirect = "a redirect, which is not followed; give its target as url";
  const words = (status: number, location?: string, href?: string) =>
    httpStatusText(status, new Headers(location === undefined ? {} : { location }), href);
  const called = "http://a.test/api/info";

  test("the words are its number, without a redirect", () => {
    expect([200, 299, 400, 502].map((status) => words(status, "http://b.test"))).toEqual([
      "HTTP 200",
      "HTTP 299",
      "HTTP 400",
      "HTTP 502",
    ]);
  });

  test("the words name the url to use for a redirect, without the method and what may be secret", () => {
    expect(words(301, "https://b.test/v2/api/info", called)).toBe(
      `HTTP 301: ${redirect}: https://b.test/v2/api`,
    );
    expect(words(308, "/v2/api/info", called)).toBe(`HTTP 308: ${redirect}: http://a.test/v2/api`);
    expect(words(399, "https://u:p@b.test/login?key=x", called)).toBe(
      `HTTP 399: ${redirect}: https://b.test/login`,
    );
    expect(words(300, "https://b.test/Service/Info")).toBe(`HTTP 300: ${redirect}: https://b.test`);
  });

  test.each([undefined, "javascript:alert(1)", "shttp://b.test", "http://["])(
    "the words name no url for a redirect to %s",
    (location) => {
      expect(words(301, location, called)).toBe(`HTTP 301: ${redirect}`);
    },
  );
});

test("a fault in a reply says so, and any thrown value has a message", () => {
  expect(inReply(new PathError("no number", { path: "offset" }))).toBe("in the reply, offset: no number");
  expect([messageOf(cause), messageOf("text"), messageOf(undefined)]).toEqual(["below", "text", "undefined"]);
});
