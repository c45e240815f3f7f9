import type { IncomingHttpHeaders } from "node:http2";
import { Code, type ConnectError, encodeBinaryHeader } from "@connectrpc/connect";
import { beforeAll, describe, expect, test } from "vitest";
import { ErrorSchema } from "#api";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { checkStatus, hasStatus } from "../../../src/transport/grpc/check-status.ts";
import type { TransportFailure } from "../../../src/transport/transport-failure.ts";
import { encodeStatus } from "../../harness/rpc-status.ts";

beforeAll(loadBinaryFormat);

const ok: IncomingHttpHeaders = { ":status": "200", "content-type": "application/grpc" };

/** The error of a response. */
function failure(header: IncomingHttpHeaders, trailer: IncomingHttpHeaders = {}) {
  try {
    checkStatus(header, trailer);
  } catch (error) {
    const thrown = error as ConnectError;
    const { kind, httpStatus, grpcStatus } = thrown.cause as TransportFailure;
    return { thrown, code: thrown.code, message: thrown.rawMessage, kind, httpStatus, grpcStatus };
  }
  return undefined;
}

test("a response with status 0 in its trailers, or else in its headers, is fine", () => {
  expect(failure(ok, { "grpc-status": "0" })).toBeUndefined();
  expect(failure({ ...ok, "grpc-status": "0" })).toBeUndefined();
  expect(failure({ ...ok, "grpc-status": "13" }, { "grpc-status": "0" })).toBeUndefined();
});

test("a status is known from headers or trailers", () => {
  expect(hasStatus(ok, {})).toBe(false);
  expect(hasStatus({ ...ok, "grpc-status": "0" }, {})).toBe(true);
  expect(hasStatus(ok, { "grpc-status": "0" })).toBe(true);
});

describe("the error of a response", () => {
  test("an error has the code and the message of its trailers, decoded", () => {
    const trailer = { "grpc-status": "14", "grpc-message": "not%20here" };
    expect(failure({ ...ok, "grpc-status": "5" }, trailer)).toMatchObject({
      code: Code.Unavailable,
      message: "not here",
      kind: "status",
      httpStatus: undefined,
      grpcStatus: 14,
    });
  });

  test("an error has the headers and the trailers", () => {
    const thrown = failure({ ...ok, "x-a": "1", "x-b": "1" }, { "grpc-status": "14", "x-b": "2" })?.thrown;
    expect(Object.fromEntries(thrown?.metadata ?? [])).toMatchObject({ "x-a": "1", "x-b": "2" });
  });

  test("an error has no message where none came, and an odd one as it came", () => {
    expect(failure(ok, { "grpc-status": "14" })?.message).toBe("");
    expect(failure(ok, { "grpc-status": "14", "grpc-message": "100%" })?.message).toBe("100%");
    expect(failure(ok, { "grpc-status": "99", "grpc-message": "100%" })?.message).toBe(
      "grpc-status: 99: 100%",
    );
  });

  test.each([
    ["99", 99],
    ["17", 17],
    ["123456789", 123_456_789],
    ["1234567890", 2],
    ["x", 2],
    ["1x", 2],
    ["x1", 2],
    ["-1", 2],
    ["", 2],
  ])("an error shows the status %j, which gRPC does not have", (status, grpcStatus) => {
    expect(failure(ok, { "grpc-status": status, "grpc-message": "a%20b" })).toMatchObject({
      code: Code.Unknown,
      message: `grpc-status: ${status}: a b`,
      grpcStatus,
    });
  });

  test("an error has the details, and the code of the status where the details have another", () => {
    const encoded = encodeBinaryHeader(encodeStatus(5, "in details", { code: 107, message: "said" }));
    const trailer = { "grpc-status": "3", "grpc-message": "x", "grpc-status-details-bin": encoded };
    const found = failure(ok, trailer);
    expect(found).toMatchObject({ code: Code.InvalidArgument, message: "in details", grpcStatus: 3 });
    expect(found?.thrown.findDetails(ErrorSchema)).toMatchObject([{ code: 107, message: "said" }]);
  });

  test("an error does without details that are not encoded as they should be", () => {
    const trailer = { "grpc-status": "3", "grpc-message": "x", "grpc-status-details-bin": "%%%" };
    expect(failure(ok, trailer)).toMatchObject({ code: Code.InvalidArgument, message: "x" });
    expect(failure(ok, trailer)?.thrown.details).toEqual([]);
  });

  test.each([
    [502, Code.Unavailable],
    [404, Code.Unimplemented],
    [401, Code.Unauthenticated],
  ])("a reply without a gRPC status has HTTP's, %i", (httpStatus, code) => {
    const header = { ":status": `${httpStatus}`, "x-a": "1" };
    const found = failure(header);
    expect(found).toMatchObject({ message: `HTTP ${httpStatus}`, httpStatus, grpcStatus: undefined, code });
    expect(found?.thrown.metadata.get("x-a")).toBe("1");
  });

  test("a reply without any status names the content type", () => {
    const common = { code: Code.Unknown, grpcStatus: 2, httpStatus: undefined };
    expect(failure({ ...ok, "x-a": "1" })).toMatchObject({
      message: "the reply has no grpc-status (HTTP 200, application/grpc)",
      ...common,
    });
    expect(failure({ ":status": "200" })).toMatchObject({
      message: "the reply has no grpc-status (HTTP 200, no content type)",
      ...common,
    });
  });
});
