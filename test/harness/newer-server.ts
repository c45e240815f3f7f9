import type { DescMessage, JsonObject, JsonValue, Message, UnknownField } from "@bufbuild/protobuf";
import { isMessage, toBinary } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import type { StartServer } from "./misbehaving-server.ts";
import { grpcFrame, ofGrpcReply, ofReply } from "./misbehaving-server.ts";
import type { Protocol } from "./scripted-server.ts";

const hex = (text: string) => Buffer.from(text, "hex");

/** Fields with numbers that our schema does not have, of each wire type. */
const newWireFields: readonly UnknownField[] = [
  { no: 1000, wireType: WireType.Varint, data: hex("ffffffffffffffffff01") },
  { no: 1001, wireType: WireType.Bit64, data: hex("000000000000f03f") },
  { no: 1002, wireType: WireType.LengthDelimited, data: hex("03ff0080") },
  { no: 1003, wireType: WireType.LengthDelimited, data: hex("00") },
  // A group that holds a varint, and its end.
  { no: 1004, wireType: WireType.StartGroup, data: hex("0801" + "e43e") },
  { no: 1005, wireType: WireType.Bit32, data: hex("ffffffff") },
  { no: 536870911, wireType: WireType.Varint, data: hex("00") },
];

/** Members with names that our schema does not have. Some would break a reader that sets properties by their names. */
const newMembers = [
  '"added":"}\\"]{\\u0000\\ud800"',
  '"added":{"result":{"offset":[]},"error":{"code":1}}',
  '"addedNumber":-1.5e+999',
  '"addedInteger":123456789012345678901234567890',
  `"addedList":${"[".repeat(1_000)}${"]".repeat(1_000)}`,
  '"addedObject": { "" : [ true , false , null , { "a" : 1 , "a" : 2 } ] } ',
  '"__proto__":{"result":{},"offset":99}',
  '"constructor":null,"toString":0,"":"","$typeName":"x","$unknown":[{"no":1}]',
].join(",");

/** Adds new fields to a message and to each message in it, like a newer server over gRPC. */
export function addNewFields(schema: DescMessage, message: Message): void {
  message.$unknown = [...newWireFields];
  for (const { localName, message: inner } of schema.fields) {
    const value = fieldsOf(message)[localName];
    if (inner === undefined || value === undefined) continue;
    const messages = isMessage(value, inner) ? [value] : Object.values(value as Record<string, Message>);
    for (const one of messages) addNewFields(inner, one);
  }
}

/** The JSON of a newer server, with new members in each object. */
export function newerJson(schema: DescMessage, json: JsonObject): string {
  const members = Object.entries(json).map(([name, value]) => {
    const { message, fieldKind } = schema.fields.find((field) => field.name === name) ?? {};
    const element = (one: JsonValue) =>
      message === undefined ? JSON.stringify(one) : newerJson(message, one as JsonObject);
    if (fieldKind === "list") return `"${name}":[${(value as JsonValue[]).map(element)}]`;
    if (fieldKind !== "map") return `"${name}":${element(value)}`;
    const entries = Object.entries(value as JsonObject);
    return `"${name}":{${entries.map(([key, one]) => `${JSON.stringify(key)}:${element(one)}`)}}`;
  });
  return `{${[newMembers, ...members, newMembers]}}`;
}

/** A server that answers with a message and all these additions. */
export function newerServer(protocol: Protocol, schema: DescMessage, message: Message): StartServer {
  if (protocol === "grpc") {
    addNewFields(schema, message);
    return ofGrpcReply({ body: grpcFrame(toBinary(schema, message)) });
  }
  const rawJson = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return ofReply(200, newerJson(schema, JSON.parse(writeMessage(schema, message, { rawJson }))));
}
