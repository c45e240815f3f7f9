import { create } from "@bufbuild/protobuf";
import { FieldDescriptorProtoSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { file_centrifugal_centrifugo_api_api } from "#api";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import { isBare, newMessage } from "../../src/codec/new-message.ts";

const schemas = file_centrifugal_centrifugo_api_api.messages;

test.each(
  [...schemas, FieldDescriptorProtoSchema, ValueSchema].map((schema) => [schema.name, schema] as const),
)("%s: newMessage equals create, with lists and maps of its own", (_name, schema) => {
  const [one, other] = [newMessage(schema), newMessage(schema)];
  expect(one).toStrictEqual(create(schema));
  for (const { fieldKind, localName } of schema.fields) {
    const isOwn = fieldKind === "list" || fieldKind === "map";
    if (isOwn) expect(fieldsOf(one)[localName], localName).not.toBe(fieldsOf(other)[localName]);
  }
});

test("a command and a reply are bare, a request is not", () => {
  const bare = schemas.filter(isBare).map(({ name }) => name);
  expect(bare).toEqual(expect.arrayContaining(["Command", "Reply"]));
  expect(bare).not.toContain("PublishRequest");
  expect(bare).not.toContain("BatchRequest");
});
