import type { DescService } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { createClient } from "../../../src/index.ts";
import { changedService, messageNamed } from "../../harness/old-server.ts";

const namesOf = (service: DescService) =>
  Object.keys(createClient({ url: "http://centrifugo.test/api", service }));

/** The field of a message, which a test changes. */
function fieldOf(file: FileDescriptorProto, message: string, name: string) {
  const found = messageNamed(file, message).field.find((field) => field.name === name);
  return found ?? expect.fail(`${message} has no ${name}`);
}

function drop(file: FileDescriptorProto, message: string, name: string): void {
  const from = messageNamed(file, message);
  const field = fieldOf(file, message, name);
  from.field = from.field.filter((other) => other !== field);
}

test.each<[string, (file: FileDescriptorProto) => void]>([
  ["no result", (file) => drop(file, "BroadcastResponse", "result")],
  ["no error", (file) => drop(file, "BroadcastResponse", "error")],
  ["no responses", (file) => drop(file, "BroadcastResult", "responses")],
  [
    "one response",
    (file) => {
      fieldOf(file, "BroadcastResult", "responses").label = Label.OPTIONAL;
    },
  ],
  [
    "responses that are texts",
    (file) => {
      Object.assign(fieldOf(file, "BroadcastResult", "responses"), { type: Type.STRING, typeName: "" });
    },
  ],
  ["responses without errors", (file) => drop(file, "PublishResponse", "error")],
  [
    "one channel",
    (file) => {
      fieldOf(file, "BroadcastRequest", "channels").label = Label.OPTIONAL;
    },
  ],
])("a client has no broadcastMany for a broadcast with %s", (_title, change) => {
  expect(namesOf(changedService(() => {}))).toContain("broadcastMany");
  const names = namesOf(changedService(change));
  expect(names).toContain("broadcast");
  expect(names).not.toContain("broadcastMany");
});
