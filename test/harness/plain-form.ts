import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import { JsonBytes } from "../../src/codec/json-bytes.ts";
import { fieldsOf } from "../../src/codec/message-fields.ts";

/** How a recorded reply is written: Centrifugo's JSON, or proto3 JSON. */
export interface JsonForm {
  readonly name: (field: DescField) => string;
  readonly bytes: (value: JsonValue) => unknown;
}

export const centrifugoJson: JsonForm = { name: (field) => field.name, bytes: (value) => value };

export const proto3Json: JsonForm = {
  name: (field) => field.jsonName,
  bytes: (value) => data(new Uint8Array(Buffer.from(`${value}`, "base64"))),
};

/** The result that a client is expected to give for a recorded reply, made without the code under test. */
export function expectedResult(schema: DescMessage, json: JsonObject, form: JsonForm): unknown {
  const { error, result } = schema.field;
  if (error?.message !== undefined && result?.message !== undefined) {
    const failure = json.error as JsonObject | undefined;
    if (failure !== undefined) return { ok: false, error: failure };
    return { ok: true, result: expectedResult(result.message, (json.result ?? {}) as JsonObject, form) };
  }
  return Object.fromEntries(
    schema.members
      .map((member) => [
        member.localName,
        member.kind === "oneof"
          ? expectedChoice(member, json, form)
          : expectedField(member, json[form.name(member)], form),
      ])
      .filter(([, value]) => value !== undefined),
  );
}

/** The replies that a client is expected to give for a recorded reply to a batch. */
export function expectedReplies(reply: DescMessage, json: JsonObject, form: JsonForm): unknown {
  const replies = (json.replies ?? []) as JsonObject[];
  return {
    replies: replies.map((item) => {
      if (item.error !== undefined) return { ok: false, error: item.error };
      const [name, result] = Object.entries(item)[0] ?? [];
      const field = reply.fields.find((candidate) => form.name(candidate) === name);
      if (field?.message === undefined) throw new Error(`no field ${name}`);
      return { ok: true, result: expectedResult(field.message, result as JsonObject, form) };
    }),
  };
}

function expectedChoice(oneof: DescOneof, json: JsonObject, form: JsonForm): unknown {
  const field = oneof.fields.find((candidate) => json[form.name(candidate)] !== undefined);
  if (field === undefined) return { case: undefined };
  return { case: field.localName, value: expectedField(field, json[form.name(field)], form) };
}

function expectedField(field: DescField, json: JsonValue | undefined, form: JsonForm): unknown {
  const element = (value: JsonValue): unknown => {
    const wrapped = wrappedField(field);
    if (wrapped !== undefined) return expectedField(wrapped, (value as JsonObject).value, form);
    if (field.message !== undefined) return expectedResult(field.message, value as JsonObject, form);
    if (field.scalar === ScalarType.STRING || field.scalar === ScalarType.BOOL) return value;
    return field.scalar === ScalarType.BYTES ? form.bytes(value) : Number(value);
  };
  switch (field.fieldKind) {
    case "list":
      return ((json ?? []) as JsonValue[]).map(element);
    case "map":
      return Object.fromEntries(
        Object.entries((json ?? {}) as JsonObject).map(([key, value]) => [key, element(value)]),
      );
    default: {
      if (json !== undefined) return element(json);
      if (field.message !== undefined || field.scalar === ScalarType.BYTES) return undefined;
      if (field.proto.proto3Optional) return undefined;
      return field.scalar === ScalarType.STRING ? "" : field.scalar === ScalarType.BOOL ? false : 0;
    }
  }
}

/** The request that a caller would make for a recorded message, with empty strings and lists. */
export function plainRequest(schema: DescMessage, message: Message): Record<string, unknown> {
  const fields = fieldsOf(message);
  const request: Record<string, unknown> = {};
  for (const member of schema.members) {
    const { localName } = member;
    const value = fields[localName];
    const bytes = /^b64(.*)$/.exec(localName)?.[1];
    if (value === undefined) continue;
    if (member.kind === "oneof") {
      const field = member.fields.find((one) => one.localName === (value as { case?: string }).case);
      const chosen = (value as { value?: unknown }).value;
      if (field !== undefined)
        request[localName] = { case: field.localName, value: plainValue(field, chosen) };
    } else if (bytes !== undefined) {
      if (value !== "") request[bytes] = binary(`${value}`);
    } else if (member.fieldKind === "list") {
      request[localName] = (value as unknown[]).map((one) => plainValue(member, one));
    } else if (member.fieldKind === "map") {
      const entries = Object.entries(value as object).map(([key, one]) => [key, plainValue(member, one)]);
      request[localName] = Object.fromEntries(entries);
    } else if (member.scalar !== ScalarType.BYTES || isFieldSet(message, member)) {
      request[localName] = plainValue(member, value);
    }
  }
  return request;
}

function plainValue(field: DescField, value: unknown): unknown {
  const wrapped = wrappedField(field);
  if (wrapped !== undefined) return plainValue(wrapped, fieldsOf(value as Message).value);
  if (field.message !== undefined) return plainRequest(field.message, value as Message);
  return field.scalar === ScalarType.BYTES ? data(value as Uint8Array) : value;
}

/** The field `value` of `BoolValue` and the like, which callers have in place of the message. */
function wrappedField({ message }: DescField): DescField | undefined {
  return message?.name.endsWith("Value") && message.fields.length === 1 ? message.field.value : undefined;
}

/** The data that a caller would pass. */
function data(bytes: Uint8Array): unknown {
  if (bytes instanceof JsonBytes) return bytes.value;
  const text = Buffer.from(bytes).toString();
  return text === "not json" ? bytes : JSON.parse(text);
}

/** The bytes of a `b64…` field. A caller cannot send a value that is not base64. */
function binary(base64: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  if (Buffer.from(bytes).toString("base64") !== base64) throw new Error("not base64");
  return bytes;
}
