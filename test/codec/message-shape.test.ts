import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create, isFieldSet } from "@bufbuild/protobuf";
import { FieldDescriptorProtoSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { file_centrifugal_centrifugo_api_api } from "#api";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import { isBare, messageMaker, setCheck } from "../../src/codec/message-shape.ts";
import { arbitraryMessage } from "../harness/arbitrary-message.ts";

const schemas = file_centrifugal_centrifugo_api_api.messages;

/** What isFieldSet says of each field, and what is said here. */
function answers(schema: DescMessage, message: Message): [unknown, unknown] {
  const asked = (ask: (field: (typeof schema.fields)[number]) => boolean) =>
    Object.fromEntries(schema.fields.map((field) => [field.name, ask(field)]));
  return [asked((field) => setCheck(field)(fieldsOf(message))), asked((field) => isFieldSet(message, field))];
}

test.each(schemas.map((schema) => [schema.name, schema] as const))(
  "%s: an empty one is what create makes, and the set fields are those of isFieldSet",
  (_name, schema) => {
    const make = messageMaker(schema);
    expect(make()).toStrictEqual(create(schema));
    const [one, other] = [fieldsOf(make()), fieldsOf(make())];
    for (const { fieldKind, localName } of schema.fields) {
      const isOwn = fieldKind === "list" || fieldKind === "map";
      if (isOwn) expect(one[localName], localName).not.toBe(other[localName]);
    }
    fc.assert(
      fc.property(arbitraryMessage(schema, 2), (message) => {
        const [found, expected] = answers(schema, message);
        expect(found).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  },
);

test("a command and a reply are bare, a request is not", () => {
  const bare = schemas.filter(isBare).map(({ name }) => name);
  expect(bare).toEqual(expect.arrayContaining(["Command", "Reply"]));
  expect(bare).not.toContain("PublishRequest");
  expect(bare).not.toContain("BatchRequest");
});

test("fields with a presence of their own, and those of a oneof, are set where isFieldSet says so", () => {
  const messages: [DescMessage, Message][] = [
    [FieldDescriptorProtoSchema, create(FieldDescriptorProtoSchema)],
    [FieldDescriptorProtoSchema, create(FieldDescriptorProtoSchema, { name: "", number: 0, label: 1 })],
    [ValueSchema, create(ValueSchema)],
    [ValueSchema, create(ValueSchema, { kind: { case: "stringValue", value: "" } })],
  ];
  for (const [schema, message] of messages) {
    expect(messageMaker(schema)()).toStrictEqual(create(schema));
    const [found, expected] = answers(schema, message);
    expect(found).toEqual(expected);
  }
  expect(Object.values(answers(...((messages[1] ?? []) as [DescMessage, Message]))[0] as object)).toContain(
    true,
  );
});
