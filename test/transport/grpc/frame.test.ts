import { create, toBinary } from "@bufbuild/protobuf";
import { beforeAll, expect, test } from "vitest";
import { PublishResultSchema } from "#api";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { decodeResponse, frame, prefixLength } from "../../../src/transport/grpc/frame.ts";
import type { TransportFailure } from "../../../src/transport/transport-failure.ts";

beforeAll(loadBinaryFormat);

const message = create(PublishResultSchema, { offset: 300n, epoch: "abc" });
const bytes = toBinary(PublishResultSchema, message);

test("a frame has a zero, the length in four bytes, and the message", () => {
  expect([...frame(Uint8Array.of(7, 8))]).toEqual([0, 0, 0, 0, 2, 7, 8]);
  const long = frame(new Uint8Array(70_000));
  expect([...long.subarray(0, prefixLength)]).toEqual([0, 0, 1, 0x11, 0x70]);
  expect(long.byteLength).toBe(70_005);
});

test("a framed message is read, without fields that the schema does not have", () => {
  expect(decodeResponse(PublishResultSchema, frame(bytes))).toEqual(message);
  expect(decodeResponse(PublishResultSchema, frame(new Uint8Array()))).toEqual(create(PublishResultSchema));
  const newer = Buffer.concat([bytes, Buffer.of(0x98, 0x75, 1)]);
  expect(decodeResponse(PublishResultSchema, frame(newer)).$unknown).toBeUndefined();
});

test.each<[string, Buffer]>([
  ["the reply has no message", Buffer.alloc(0)],
  ["the reply ends inside a frame", Buffer.alloc(4)],
  ["the reply ends inside a frame", frame(bytes).subarray(0, -1)],
  ["the reply has more than one message", Buffer.concat([frame(bytes), Buffer.of(0)])],
  [
    "the reply is compressed (gzip), but no compression was requested",
    Buffer.concat([Buffer.of(1), frame(bytes).subarray(1)]),
  ],
  ["the reply is not a PublishResult: ", frame(Buffer.of(0xff))],
])("%s", (text, body) => {
  let thrown: unknown;
  try {
    decodeResponse(PublishResultSchema, body, "gzip");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ rawMessage: expect.stringContaining(text), cause: { kind: "decode" } });
  const isUnreadable = text.startsWith("the reply is not");
  expect((thrown as { cause: TransportFailure }).cause.cause instanceof Error).toBe(isUnreadable);
});
