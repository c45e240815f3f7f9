import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { CentError } from "../../src/errors/cent-error.ts";
import { mapError } from "../../src/errors/map-error.ts";
import { isRefusedRequest, isTlsCode } from "../../src/errors/maybe-executed.ts";
import { asUnprocessed } from "../../src/limits/run-within.ts";
import {
  decodeFailure,
  interceptorFailure,
  networkFailure,
  requestFailure,
  TransportFailure,
} from "../../src/transport/transport-failure.ts";
import { foreign, grpc, http, nodeError, once } from "./thrown-errors.ts";

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
