import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { CentrifugoApi, PublishResponseSchema } from "#api";
import { ReceivedReply } from "../../src/call/reply.ts";

const { publish } = CentrifugoApi.method;
const response = (code?: number) => ({
  message: create(PublishResponseSchema, code === undefined ? {} : { error: { code, message: "said" } }),
  header: new Headers({ "x-a": "header", "x-both": "1" }),
  trailer: new Headers({ "x-b": "trailer", "x-both": "2" }),
});
const received = (given: unknown) => new ReceivedReply(given, publish, 2, true, "apikey key");

test("a reply has its message, and what is known of its request", () => {
  const given = response();
  const reply = received(given);
  expect(reply.message).toBe(given.message);
  expect([reply.attempts, reply.maybeExecuted, reply.authorization]).toEqual([2, true, "apikey key"]);
});

test("a reply has headers and trailers, made once, and after its message is let go of", () => {
  const reply = received(response());
  const { headers } = reply;
  expect(headers).toEqual({ "x-a": "header", "x-b": "trailer", "x-both": "1, 2" });
  reply.release();
  expect(reply.headers).toBe(headers);
  expect(reply.message).toEqual({ $typeName: "" });
});

test("a reply without headers has none", () => {
  expect(received({ message: response().message }).headers).toBeUndefined();
});

test.each([
  undefined,
  null,
  "text",
  {},
  { message: {} },
  { message: create(CentrifugoApi.method.info.output) },
])("a response of %o is refused", (given) => {
  expect(() => received(given)).toThrow(
    expect.objectContaining({
      code: Code.Internal,
      rawMessage: "an interceptor or transport gave no PublishResponse",
    }),
  );
});

test("only the error INTERNAL is an internal error", () => {
  expect(received(response()).internalError("publish", "chat")).toBeUndefined();
  expect(received(response(107)).internalError("publish", "chat")).toBeUndefined();
  expect(received(response(100)).internalError("publish", "chat")).toMatchObject({
    code: 100,
    serverMessage: "said",
    channel: "chat",
    method: "publish",
    attempts: 2,
    maybeExecuted: true,
    headers: { "x-a": "header" },
  });
});
