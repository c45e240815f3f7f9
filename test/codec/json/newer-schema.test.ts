import { FieldDescriptorProtoSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { PublishResponseSchema } from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { writeMessage } from "../../../src/codec/json/write-message.ts";
import { fieldsOf } from "../../../src/codec/message-fields.ts";
import { newMessage } from "../../../src/codec/new-message.ts";

test("a oneof and an enum of a newer schema are read and written", () => {
  const texts = [
    '{"string_value":""}',
    '{"null_value":0}',
    '{"bool_value":false}',
    '{"list_value":{"values":[{},{"number_value":-0}]}}',
  ];
  for (const text of texts) {
    expect(writeMessage(ValueSchema, readMessage(ValueSchema, text))).toBe(text);
  }
  expect(readMessage(ValueSchema, '{"string_value":"a","number_value":1}').kind).toEqual({
    case: "numberValue",
    value: 1,
  });
});

test.each([ValueSchema, FieldDescriptorProtoSchema])(
  "requests with a oneof, or with defaults on their prototype, share nothing, %#",
  (schema) => {
    const request = { ...schema, name: "SomeRequest" } as typeof schema;
    const [one, other] = [newMessage(request), newMessage(request)];
    expect(Object.getPrototypeOf(one)).toStrictEqual(Object.getPrototypeOf(newMessage(schema)));
    for (const { localName } of schema.oneofs) {
      expect(fieldsOf(one)[localName]).toEqual({ case: undefined });
      expect(fieldsOf(one)[localName]).not.toBe(fieldsOf(other)[localName]);
    }
  },
);

test.each([
  ['{"result":', "expected an object, but the JSON ends"],
  ['{"result":[1', "expected an object, got [1 at position 10"],
  ['{"result":{"epoch":5,"offset":1}}', "expected a string, got 5 at position 19"],
  ["", "expected an object, but the JSON ends"],
])("the error for %j says where the reply is wrong", (text, message) => {
  expect(() => readMessage(PublishResponseSchema, text)).toThrow(message);
});
