import { create } from "@bufbuild/protobuf";
import { Int64ValueSchema, UInt32ValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { BatchRequestSchema, BatchResponseSchema, PublishResponseSchema } from "#api";
import { isPlain } from "../../src/codec/caller-values.ts";
import { decodeMessage } from "../../src/codec/decode-message.ts";
import { encodeMessage } from "../../src/codec/encode-message.ts";
import { asFirstReply } from "../../src/codec/idempotency.ts";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { setEntry } from "../../src/codec/message-fields.ts";
import { JsonReadError, JsonWriteError, PathError } from "../../src/codec/path-error.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { table } from "../harness/scripted-server.ts";

const payload = createPayload(undefined);

test("a plain value is an object of no class", () => {
  class Own {}
  const others = [undefined, null, 1, "text", () => 1, [], new Map(), new Own(), Object.create(null)];
  expect(others.filter(isPlain)).toEqual([]);
  expect(isPlain({})).toBe(true);
});

test("each error of the codec has its own name", () => {
  const errors = [new PathError("x"), new JsonReadError("x"), new JsonWriteError("x")];
  expect(errors.map(({ name }) => name)).toEqual(["PathError", "JsonReadError", "JsonWriteError"]);
});

test('an entry "__proto__" of a map can be changed and deleted', () => {
  const map: Record<string, unknown> = {};
  setEntry(map, "__proto__", 1);
  expect(Object.getOwnPropertyDescriptor(map, "__proto__")).toEqual({
    value: 1,
    enumerable: true,
    configurable: true,
    writable: true,
  });
});

test("a message field that is there and undefined is absent from the result", () => {
  const message = Object.assign(create(PublishResponseSchema), { error: undefined });
  const options = { payload, int64: "number", item: () => undefined } as const;
  expect(Object.keys(decodeMessage(PublishResponseSchema, message, options))).toEqual([]);
});

describe("a choice of a request, which a newer schema may have", () => {
  const encode = (kind: unknown) => encodeMessage(ValueSchema, { kind }, payload);

  test("the caller's choice has its case and its encoded value", () => {
    expect(encode({ case: "stringValue", value: "a" })).toMatchObject({
      kind: { case: "stringValue", value: "a" },
    });
    expect(
      encode({ case: "listValue", value: { values: [{ kind: { case: "boolValue", value: true } }] } }),
    ).toEqual(
      create(ValueSchema, {
        kind: { case: "listValue", value: { values: [{ kind: { case: "boolValue", value: true } }] } },
      }),
    );
    expect(encode({ case: undefined })).toMatchObject({ kind: { case: undefined } });
  });

  test("a wrong choice is refused, with the path of a wrong value", () => {
    expect(() => encode({ case: "other", value: 1 })).toThrow(
      "kind: expected a case of nullValue, numberValue, stringValue, boolValue, structValue, listValue",
    );
    expect(() => encode({ value: 1 })).toThrow("kind: expected a case of ");
    expect(() => encode({ case: "stringValue", value: 1 })).toThrow(
      "kind.stringValue: expected a string, got 1",
    );
  });
});

describe("an integer in a reply", () => {
  const schemas = [
    ["a 64-bit integer", Int64ValueSchema],
    ["an unsigned 32-bit integer", UInt32ValueSchema],
  ] as const;

  test.each(schemas)("%s is refused in any other form", (expected, schema) => {
    for (const form of ["1.5", "1e3", "x1", "1x", "01", "-", "--1", "-01", '"1"', "true"]) {
      expect(() => readMessage(schema, `{"value":${form}}`), form).toThrow(
        expect.objectContaining({
          name: "JsonReadError",
          message: `value: expected ${expected}, got ${form} at position 9`,
        }),
      );
    }
  });

  test("the ends of a range are read, and the next ones refused", () => {
    expect(readMessage(UInt32ValueSchema, '{"value":4294967295}').value).toBe(4_294_967_295);
    expect(readMessage(Int64ValueSchema, '{"value":-9223372036854775808}').value).toBe(-(2n ** 63n));
    for (const form of ["4294967296", "-1"])
      expect(() => readMessage(UInt32ValueSchema, `{"value":${form}}`), form).toThrow(JsonReadError);
    expect(() => readMessage(Int64ValueSchema, '{"value":9223372036854775808}')).toThrow(JsonReadError);
  });
});

describe("the reply to a repeated request", () => {
  const repeated = { suppressed: true, suppressReason: "idempotency" };

  test("a suppressed publish is a success of the first attempt", () => {
    const reply = create(table.byName("mapPublish")?.rpc.output ?? expect.fail(), { result: repeated });
    asFirstReply(table, reply);
    expect(reply).toMatchObject({ result: { suppressed: false, suppressReason: "" } });
  });

  test("another suppression stays", () => {
    for (const result of [
      { suppressed: true, suppressReason: "version" },
      { suppressed: false, suppressReason: "idempotency" },
    ]) {
      const reply = create(table.byName("mapPublish")?.rpc.output ?? expect.fail(), { result });
      asFirstReply(table, reply);
      expect(reply).toMatchObject({ result });
    }
  });

  test("each command of a batch is a success of its own", () => {
    const reply = create(BatchResponseSchema, {
      replies: [{ mapPublish: repeated }, { error: { code: 107, message: "x" } }, { mapRemove: repeated }],
    });
    asFirstReply(table, reply);
    const first = { suppressed: false, suppressReason: "" };
    expect(reply.replies).toMatchObject([
      { mapPublish: first },
      { error: { code: 107 } },
      { mapRemove: first },
    ]);
    const empty = create(BatchRequestSchema);
    expect(() => asFirstReply(table, empty)).not.toThrow();
  });
});
