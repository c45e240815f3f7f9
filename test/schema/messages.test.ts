import * as protobuf from "@bufbuild/protobuf";
import {
  BoolValueSchema,
  BytesValueSchema,
  FieldDescriptorProtoSchema,
  Int64ValueSchema,
  ListValueSchema,
  StringValueSchema,
  StructSchema,
  TimestampSchema,
  TypeSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { BroadcastRequestSchema, HistoryRequestSchema, PublishRequestSchema } from "#api";
import { create, isFieldSet, isMessage } from "../../src/schema/messages.ts";
import { wrappedValue } from "../../src/schema/wrapped-value.ts";

/** The names of the set fields of a message, by a function that says whether a field is set. */
const setFields = (message: protobuf.Message, schema: protobuf.DescMessage, isSet: typeof isFieldSet) =>
  schema.fields.filter((field) => isSet(message, field)).map(({ localName }) => localName);

describe("the parts of protobuf-es that tscent has itself", () => {
  const empty = (schema: protobuf.DescMessage) => protobuf.create(schema);

  test.each<[string, protobuf.DescMessage, () => protobuf.Message, readonly string[]]>([
    ["no field of an empty request", PublishRequestSchema, () => empty(PublishRequestSchema), []],
    [
      "scalars that are not zero",
      PublishRequestSchema,
      () => protobuf.create(PublishRequestSchema, { channel: "a", data: new Uint8Array(), version: 1n }),
      ["channel", "version"],
    ],
    [
      "a list with elements",
      BroadcastRequestSchema,
      () => protobuf.create(BroadcastRequestSchema, { channels: ["a"] }),
      ["channels"],
    ],
    [
      "a map with entries",
      PublishRequestSchema,
      () => protobuf.create(PublishRequestSchema, { tags: { a: "" } }),
      ["tags"],
    ],
    [
      "a message",
      HistoryRequestSchema,
      () => protobuf.create(HistoryRequestSchema, { since: {} }),
      ["since"],
    ],
    [
      "a map of messages",
      StructSchema,
      () => protobuf.create(StructSchema, { fields: { a: {} } }),
      ["fields"],
    ],
    ["an empty list", ListValueSchema, () => empty(ListValueSchema), []],
    ["an enum that is not zero", TypeSchema, () => protobuf.create(TypeSchema, { syntax: 1 }), ["syntax"]],
    ["the enum's zero", TypeSchema, () => protobuf.create(TypeSchema, { syntax: 0 }), []],
    [
      "the case of a oneof, even with a zero",
      ValueSchema,
      () => protobuf.create(ValueSchema, { kind: { case: "boolValue", value: false } }),
      ["boolValue"],
    ],
    [
      "fields with presence, even with a zero",
      FieldDescriptorProtoSchema,
      () => protobuf.create(FieldDescriptorProtoSchema, { number: 0, type: 9 }),
      ["number", "type"],
    ],
    ["no field that has a default", FieldDescriptorProtoSchema, () => empty(FieldDescriptorProtoSchema), []],
  ])("isFieldSet finds %s, as protobuf-es does", (_what, schema, make, expected) => {
    const message = make();
    expect(setFields(message, schema, protobuf.isFieldSet)).toEqual(expected);
    expect(setFields(message, schema, isFieldSet)).toEqual(expected);
  });

  test("create makes an empty message", () => {
    for (const schema of [PublishRequestSchema, TimestampSchema, StructSchema] as protobuf.DescMessage[])
      expect(create(schema)).toEqual(protobuf.create(schema));
  });

  test("isMessage tells messages of a type from other values", () => {
    const publish = protobuf.create(PublishRequestSchema);
    const values = [
      publish,
      protobuf.create(HistoryRequestSchema),
      {},
      { ...publish },
      null,
      undefined,
      "a",
      5,
    ];
    expect(values.map((value) => isMessage(value, PublishRequestSchema))).toEqual(
      values.map((value) => value === values[0] || value === values[3]),
    );
    const called = Object.assign(() => {}, { $typeName: PublishRequestSchema.typeName });
    expect(isMessage(called, PublishRequestSchema)).toBe(false);
  });
});

describe("a message that only wraps a scalar", () => {
  /** A descriptor with other names. */
  const renamed = (schema: protobuf.DescMessage, name: string, field = "value"): protobuf.DescMessage => {
    const members = schema.members.map((member) => ({ ...member, localName: field }) as typeof member);
    return { ...schema, name, members };
  };

  test.each([BoolValueSchema, StringValueSchema, Int64ValueSchema] as protobuf.DescMessage[])(
    "a caller has the scalar in place of %o",
    (schema) => {
      expect(wrappedValue(schema)).toBe(schema.members[0]);
    },
  );

  test("another message is none, by its name, its field or its type", () => {
    const others: protobuf.DescMessage[] = [
      BytesValueSchema,
      ListValueSchema,
      ValueSchema,
      TimestampSchema,
      renamed(BoolValueSchema, "BoolValues"),
      renamed(BoolValueSchema, "ValueOfBool"),
      renamed(BoolValueSchema, "BoolValue", "other"),
      renamed(TimestampSchema, "TimeValue"),
    ];
    expect(others.map(wrappedValue)).toEqual(others.map(() => undefined));
  });
});
