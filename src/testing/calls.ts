import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import { base64Sibling, fieldsOf } from "../codec/message-fields.ts";
import type { Method } from "../schema/method-table.ts";
import { wrappedValue } from "../schema/wrapped-value.ts";
import { payloadValue } from "./brokers/payload.ts";

/** The way of a call: HTTP-JSON, gRPC, memory without a socket, or a consumer of a queue or an outbox table. */
export type CallTransport = "http" | "grpc" | "memory" | "consumer";

/** A call that was authorised and decoded. It is recorded before it is answered. */
export interface RecordedCall {
  /** The client's name of the method, as in `presenceStats`. */
  readonly method: string;
  readonly transport: CallTransport;
  /**
   * The request as the client writes it: camelCase names, data as parsed JSON (else a Uint8Array), 64-bit integers as numbers
   * (bigint past 2^53). Fields with their zero value are left out.
   */
  readonly request: Readonly<Record<string, unknown>>;
  /** The request as the generated message. */
  readonly message: Message;
  /** HTTP headers or gRPC metadata, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export function recordCall(
  method: Method,
  message: Message,
  transport: CallTransport,
  headers: RecordedCall["headers"],
): RecordedCall {
  let request: RecordedCall["request"] | undefined;
  return {
    method: method.name,
    transport,
    // Made on demand, because tests read few requests.
    get request() {
      request ??= plainRequest(method.rpc.input, message);
      return request;
    },
    message,
    headers,
  };
}

/** A request as the client writes it, with the fields that are set. */
export function plainRequest(schema: DescMessage, message: Message): Record<string, unknown> {
  const set = schema.fields.filter((field) => isFieldSet(message, field));
  return Object.fromEntries(set.map((field) => plainEntry(field, message)));
}

function plainEntry(field: DescField, message: Message): [string, unknown] {
  const { localName, oneof } = field;
  if (oneof !== undefined) {
    const { value } = fieldsOf(message)[oneof.localName] as { value: unknown };
    return [oneof.localName, { case: localName, value: plainValue(field, value) }];
  }
  const value = fieldsOf(message)[localName];
  const bytes = field.parent.fields.find((other) => base64Sibling(other) === field);
  return bytes === undefined
    ? [localName, plainField(field, value)]
    : [bytes.localName, new Uint8Array(Buffer.from(String(value), "base64"))];
}

function plainField(field: DescField, value: unknown): unknown {
  if (field.fieldKind === "list") return (value as unknown[]).map((item) => plainValue(field, item));
  if (field.fieldKind === "map") {
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(entries.map(([key, item]) => [key, plainValue(field, item)]));
  }
  return plainValue(field, value);
}

function plainValue(field: DescField, value: unknown): unknown {
  if (field.message !== undefined) {
    const wrapped = wrappedValue(field.message);
    if (wrapped !== undefined) return plainValue(wrapped, fieldsOf(value as Message).value);
    return plainRequest(field.message, value as Message);
  }
  if (field.scalar === ScalarType.BYTES) return payloadValue(value as Uint8Array);
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}
