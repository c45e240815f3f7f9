import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import { JsonBytes } from "../src/json-bytes.ts";
import { fieldsOf } from "../src/message-fields.ts";

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
    schema.fields
      .map((field) => [field.localName, expectedField(field, json[form.name(field)], form)])
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

function expectedField(field: DescField, json: JsonValue | undefined, form: JsonForm): unknown {
  const element = (value: JsonValue): unknown => {
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
      return field.scalar === ScalarType.STRING ? "" : field.scalar === ScalarType.BOOL ? false : 0;
    }
  }
}

/** The request that a caller would make for a recorded message; empty strings and lists are named. */
export function plainRequest(schema: DescMessage, message: Message): Record<string, unknown> {
  const fields = fieldsOf(message);
  const request: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const { localName } = field;
    const value = fields[localName];
    const element = (one: unknown) =>
      field.message === undefined ? one : plainRequest(field.message, one as Message);
    const bytes = /^b64(.*)$/.exec(localName)?.[1];
    if (bytes !== undefined) {
      if (value !== "") request[bytes] = binary(`${value}`);
    } else if (field.fieldKind === "list") request[localName] = (value as unknown[]).map(element);
    else if (field.scalar === ScalarType.BYTES) {
      if (isFieldSet(message, field)) request[localName] = data(value as Uint8Array);
    } else if (value !== undefined) request[localName] = element(value);
  }
  return request;
}

/** What a caller would pass as data. */
function data(bytes: Uint8Array): unknown {
  if (bytes instanceof JsonBytes) return bytes.value;
  const text = Buffer.from(bytes).toString();
  return text === "not json" ? bytes : JSON.parse(text);
}

/** The bytes of a `b64…` field; what is not base64 no caller can say. */
function binary(base64: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  if (Buffer.from(bytes).toString("base64") !== base64) throw new Error("not base64");
  return bytes;
}
