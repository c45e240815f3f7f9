import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { BatchRequestSchema, HistoryRequestSchema, PublishRequestSchema } from "#api";
import { methodOf } from "../../../src/codec/command-method.ts";
import { writeMessage } from "../../../src/codec/json/write-message.ts";
import { newMessage } from "../../../src/codec/new-message.ts";
import { table } from "../../harness/scripted-server.ts";

test("a message of another type, which an interceptor can set, is written as an empty one", () => {
  const history = create(HistoryRequestSchema, { channel: "a" });
  expect(writeMessage(PublishRequestSchema, history as never)).toBe("{}");
});

test("data that an interceptor made no bytes is refused", () => {
  const message = Object.assign(create(PublishRequestSchema), { data: "text" });
  expect(() => writeMessage(PublishRequestSchema, message as never)).toThrow(
    "data: expected a Uint8Array, got string",
  );
});

test("a command whose other fields an interceptor set to undefined keeps its method", () => {
  const command = Object.assign(newMessage(table.command), {
    publish: undefined,
    history: create(HistoryRequestSchema),
  });
  expect(methodOf(table, command)?.name).toBe("history");
  expect(methodOf(table, create(BatchRequestSchema))).toBeUndefined();
});

test("the keys of a map are written in the order of their code points, as the server does", () => {
  const keys = [
    "a",
    "ab",
    "b",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{103fe}",
    "\u{103ff}",
    "\u{10fffe}",
    "\u{10ffff}",
  ];
  for (const given of [keys, [...keys].reverse()]) {
    const tags = Object.fromEntries(given.map((key) => [key, ""]));
    const written = JSON.parse(
      writeMessage(PublishRequestSchema, create(PublishRequestSchema, { tags })),
    ) as object;
    expect(Object.keys((written as { tags: object }).tags)).toEqual(keys);
  }
});
