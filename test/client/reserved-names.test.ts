import { clone, create, createFileRegistry } from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { createClient } from "../../src/index.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

const reserved = [
  "close",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "then",
  "toJSON",
  "toLocaleString",
  "toString",
  "valueOf",
];

/** The names of the fields in Command: `has_own_property` becomes `hasOwnProperty` in the client. */
const snakeCase = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
const rpcName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The service with one more RPC for each name, with the messages of Publish. */
function withRpcs(names: readonly string[]) {
  const { file } = CentrifugoApi;
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  const typeName = (message: string) => `.${file.proto.package}.${message}`;
  const message = (name: string) =>
    proto.messageType.find((one) => one.name === name) ?? create(DescriptorProtoSchema);
  names.forEach((name, index) => {
    const common = {
      name: snakeCase(name),
      number: 5_000 + index,
      label: FieldDescriptorProto_Label.OPTIONAL,
      type: FieldDescriptorProto_Type.MESSAGE,
    };
    const field = (of: string) => create(FieldDescriptorProtoSchema, { ...common, typeName: typeName(of) });
    message("Command").field.push(field("PublishRequest"));
    message("Reply").field.push(field("PublishResult"));
    proto.service[0]?.method.push(
      create(MethodDescriptorProtoSchema, {
        name: rpcName(name),
        inputType: typeName("PublishRequest"),
        outputType: typeName("PublishResponse"),
      }),
    );
  });
  const set = create(FileDescriptorSetSchema, {
    file: [...file.dependencies.map((one) => one.proto), proto],
  });
  return createFileRegistry(set).getService(CentrifugoApi.typeName) ?? expect.fail();
}

test("an RPC whose name means something else to JavaScript is no method of the client", async () => {
  const service = withRpcs([...reserved, "archive"]);
  const { fetch, sent } = scriptedFetch('{"result":{}}');
  const client = createClient({ url: "http://localhost/api", http: { fetch }, service });
  const own = (name: string) => Object.getOwnPropertyNames(client).includes(name);
  expect(own("archive")).toBe(true);
  expect(reserved.filter(own)).toEqual(["close"]);
  // A client with a method `then` could not be awaited.
  expect(await client).toBe(client);
  expect([`${client}`, JSON.stringify(client)]).toEqual(["[object Object]", "{}"]);
  expect(sent).toEqual([]);
  await client.close();
  await expect(client.archive?.({ channel: "a" })).rejects.toThrow("the client is closed");
});

test("an RPC whose name means something else to JavaScript is a command of a batch", async () => {
  const names = ["then", "close", "isPrototypeOf"];
  const service = withRpcs(names);
  const reply =
    '{"replies":[{"then":{"offset":1}},{"close":{"offset":2}},{"error":{"code":107,"message":"x"}}]}';
  const { fetch, sent } = scriptedFetch(reply);
  await using client = createClient({ url: "http://localhost/api", http: { fetch }, service });
  const request = { channel: "a", data: 1 };
  const { replies } = await client.batch({ commands: names.map((name) => ({ [name]: request })) });
  expect(replies).toMatchObject([
    { ok: true, result: { offset: 1 } },
    { ok: true, result: { offset: 2 } },
    { ok: false, error: { code: 107, method: "isPrototypeOf" } },
  ]);
  expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
    commands: names.map((name) => ({ [snakeCase(name)]: request })),
  });
});
