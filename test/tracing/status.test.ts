import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { CentError } from "../../src/index.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentNetworkError,
  CentQueueFullError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
} from "../../src/index.ts";
import { abortStatus, failureStatus, grpcName, successStatus } from "../../src/tracing/status.ts";

test.each([
  [0, "OK"],
  [Code.Canceled, "CANCELLED"],
  [Code.DeadlineExceeded, "DEADLINE_EXCEEDED"],
  [Code.FailedPrecondition, "FAILED_PRECONDITION"],
  [Code.Unavailable, "UNAVAILABLE"],
  [99, "UNKNOWN"],
])("the gRPC status %i has the name %s", (code, name) => {
  expect(grpcName(code)).toBe(name);
});

test.each<[CentError, string | undefined, string | undefined]>([
  [new CentApiResponseError(102, "unknown channel"), "102", "102"],
  [new CentTransportError("x", { httpStatus: 503 }), "503", "503"],
  [new CentTransportError("x", { httpStatus: 503, grpcStatus: 14 }), "503", "UNAVAILABLE"],
  [new CentTransportError("x", { grpcStatus: 14 }), undefined, "UNAVAILABLE"],
  [new CentUnauthorizedError("x"), "401", "UNAUTHENTICATED"],
  [new CentNetworkError("x"), undefined, "UNAVAILABLE"],
  [new CentTimeoutError("x"), undefined, "DEADLINE_EXCEEDED"],
  [new CentQueueFullError("x"), undefined, "RESOURCE_EXHAUSTED"],
  [new CentDecodeError("x"), undefined, "INTERNAL"],
  [new CentRequestError("x"), undefined, undefined],
])("the status after %o is %s over HTTP, and %s over gRPC", (error, http, grpc) => {
  expect(failureStatus("http", error)).toBe(http);
  expect(failureStatus("grpc", error)).toBe(grpc);
  expect(failureStatus("custom", error)).toBe(grpc);
});

test("a success is 200 or OK, and an abort is CANCELLED where gRPC has a name for it", () => {
  expect((["http", "grpc", "custom"] as const).map(successStatus)).toEqual(["200", "OK", "OK"]);
  expect((["http", "grpc", "custom"] as const).map(abortStatus)).toEqual([
    undefined,
    "CANCELLED",
    "CANCELLED",
  ]);
});
