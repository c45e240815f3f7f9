import { Code } from "@connectrpc/connect";
import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import type { Rule } from "../rules.ts";
import {
  failedStatus,
  passingStatus,
  refusedStatus,
  succeeds,
  unauthorized,
  unimplemented,
} from "../rules.ts";
import { headersOnly, message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { answers } from "./answers.ts";

const exceptions: ReadonlyMap<number, Rule> = new Map([
  [Code.Unauthenticated, unauthorized],
  [Code.Unimplemented, unimplemented],
  [Code.InvalidArgument, refusedStatus],
  [Code.Unavailable, passingStatus],
  // The server's deadline passed. A second read may succeed in the time that the client has left.
  [
    Code.DeadlineExceeded,
    {
      publish: { error: "CentTimeoutError", maybeExecuted: true, attempts: 1 },
      info: { error: "CentTimeoutError", maybeExecuted: true, attempts: 3 },
    },
  ],
]);

const all = Array.from({ length: 16 }, (_, index) => index + 1).flatMap((status): Fault[] => {
  const expected = exceptions.get(status) ?? failedStatus;
  const fields = { "grpc-status": `${status}`, "grpc-message": "no" };
  return [
    {
      title: `grpc-status ${status} in headers only`,
      start: answers((id) => [headersOnly(id, fields)]),
      ...expected,
    },
    {
      title: `grpc-status ${status} after a message`,
      start: answers((id) => [replyHeaders(id), message(id), trailers(id, fields)]),
      ...expected,
    },
  ];
});

const odd = ["17", "99", "-1", "abc", "", "0 ", "00", "0x0", "4294967296", "1e1"].map(
  (status): Fault => ({
    title: `grpc-status "${status}"`,
    start: answers((id) => [headersOnly(id, { "grpc-status": status })]),
    ...failedStatus,
  }),
);

function exhausted(says: string, expected: Rule): Fault {
  const fields = { "grpc-status": "8", "grpc-message": says };
  return {
    title: `RESOURCE_EXHAUSTED: ${says}`,
    start: answers((id) => [headersOnly(id, fields)]),
    ...expected,
  };
}

const list: readonly Fault[] = [
  ...all,
  ...odd,
  exhausted("grpc: received message larger than max (5242880 vs. 4194304)", refusedStatus),
  exhausted("trying to send message larger than max (5242880 vs. 4194304)", failedStatus),
  exhausted("too many requests in a second", failedStatus),
  {
    title: "grpc-status 0 in headers, 14 in trailers",
    start: answers((id) => [
      replyHeaders(id, { "grpc-status": "0" }),
      message(id),
      trailers(id, { "grpc-status": "14" }),
    ]),
    ...passingStatus,
  },
  {
    title: "grpc-status twice, 0 and 0",
    start: answers((id) => [replyHeaders(id, { "grpc-status": "0" }), message(id), trailers(id)]),
    ...succeeds,
  },
  {
    title: "grpc-message of percent signs only",
    start: answers((id) => [headersOnly(id, { "grpc-status": "13", "grpc-message": "%%%" })]),
    ...failedStatus,
  },
  {
    title: "grpc-message of 15 KB",
    start: answers((id) => [headersOnly(id, { "grpc-status": "13", "grpc-message": "x".repeat(15_000) })]),
    ...failedStatus,
  },
  {
    title: "details that are not base64",
    start: answers((id) => [headersOnly(id, { "grpc-status": "14", "grpc-status-details-bin": "###" })]),
    ...passingStatus,
  },
  {
    title: "the key in grpc-message",
    start: answers((id) => [
      headersOnly(id, { "grpc-status": "13", "grpc-message": "apikey secret-key-123 is bad" }),
    ]),
    ...failedStatus,
  },
];

export const grpcStatuses = over("grpc", list);
