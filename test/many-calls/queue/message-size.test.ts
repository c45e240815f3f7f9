import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PublishRequestSchema } from "#api";
import { messageSize } from "../../../src/many-calls/queue/message-size.ts";
import { arbitraryMessage } from "../../harness/arbitrary-message.ts";
import { table } from "../../harness/scripted-server.ts";

test.each(table.methods.map(({ name, rpc }) => [name, rpc.input] as const))(
  "messageSize of a %s request is at least its encoded size",
  (_name, schema) => {
    fc.assert(
      fc.property(arbitraryMessage(schema), (message) => {
        expect(messageSize(message)).toBeGreaterThanOrEqual(toBinary(schema, message).length);
      }),
      { numRuns: 30 },
    );
  },
);

test("data counts with its exact length", () => {
  const size = (length: number) =>
    messageSize(create(PublishRequestSchema, { channel: "chat", data: new Uint8Array(length) }));
  expect(size(10_000) - size(1)).toBe(9_999);
  expect(size(1)).toBeLessThan(100);
});

test("properties of Object.prototype do not count", () => {
  const message = create(PublishRequestSchema, { channel: "chat", tags: { a: "b" } });
  const size = messageSize(message);
  Object.assign(Object.prototype, { foo: 1, bar: null });
  try {
    expect(messageSize(message)).toBe(size);
  } finally {
    for (const name of ["foo", "bar"]) Reflect.deleteProperty(Object.prototype, name);
  }
});
