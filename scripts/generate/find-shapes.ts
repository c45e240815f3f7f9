import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { bytesSibling } from "../../src/codec/message-fields.ts";
import { hasError, hasErrorOrResult } from "../../src/schema/error-or-result.ts";
import type { Method, MethodTable } from "../../src/schema/method-table.ts";
import { requiredFields } from "../../src/schema/required-fields.ts";
import { wrappedValue } from "../../src/schema/wrapped-value.ts";

/** A message as callers see it in one direction. */
export interface Shape {
  readonly message: DescMessage;
  readonly name: string;
  /** The members that callers see: no base64 siblings, no `error` beside the fields of a result. */
  readonly members: readonly DescMessage["members"][number][];
  /** Requests: the fields that the server requires. */
  readonly required: readonly string[];
  /** Whether the interface has a type argument for data. */
  readonly hasData: boolean;
  /** Results: whether there is a 64-bit integer within. */
  readonly hasBigint: boolean;
}

/** A method with the shapes of its request and result. */
export interface MethodShapes {
  readonly method: Method;
  readonly request: Shape;
  readonly result: Shape;
}

export interface Shapes {
  readonly methods: readonly MethodShapes[];
  readonly requests: ReadonlyMap<DescMessage, Shape>;
  readonly results: ReadonlyMap<DescMessage, Shape>;
  /** Whether callers may pass a Date for a time in seconds. */
  readonly takesDates?: boolean;
}

/** Finds the messages of all methods but `batch`, whose types follow from its commands. */
export function findShapes(table: MethodTable): Shapes {
  const methods = table.methods.filter((method) => method !== table.batch);
  const inputs = reachable(
    methods.map(({ rpc }) => rpc.input),
    (message) => message,
  );
  const outputs = reachable(
    methods.map((method) => resultMessage(table, method)),
    itemResult,
  );
  const requests = new Map(
    inputs.map((message) => {
      const name = outputs.includes(message) ? `${typeName(message)}Input` : typeName(message);
      return [message, requestShape(message, name, methods)];
    }),
  );
  const results = new Map(outputs.map((message) => [message, resultShape(message)]));
  const shapeOf = (shapes: ReadonlyMap<DescMessage, Shape>, message: DescMessage) =>
    shapes.get(message) as Shape;
  return {
    methods: methods.map((method) => ({
      method,
      request: shapeOf(requests, method.rpc.input),
      result: shapeOf(results, resultMessage(table, method)),
    })),
    requests,
    results,
  };
}

/** The result in an item: of a nested message with both `error` and `result`. Other messages stay as they are. */
export function itemResult(message: DescMessage): DescMessage {
  return (hasErrorOrResult(message) && message.field.result?.message) || message;
}

/** Whether a nested message becomes an item. */
export const isItem = (message: DescMessage) => itemResult(message) !== message;

/** The message of a method's result: as its reply in a batch has it, else the response's result, else the response. */
function resultMessage({ reply }: MethodTable, { name, command, rpc }: Method): DescMessage {
  const inReply =
    command === undefined ? undefined : reply.fields.find((field) => field.localName === name)?.message;
  return inReply ?? itemResult(rpc.output);
}

/** Messages and the messages of their fields, in the order of the schema. */
export function reachable(
  roots: readonly DescMessage[],
  unwrap: (message: DescMessage) => DescMessage,
): readonly DescMessage[] {
  const found = new Set<DescMessage>();
  const visit = (message: DescMessage) => {
    if (found.has(message)) return;
    found.add(message);
    for (const field of message.fields)
      if (
        field.message !== undefined &&
        wrappedValue(field.message) === undefined &&
        !isOwnError(message, field)
      )
        visit(unwrap(field.message));
  };
  for (const root of roots) visit(root);
  return [...found];
}

/** The `error` of a response whose result is in its other fields. It becomes the call's error. */
const isOwnError = (message: DescMessage, field: DescField) =>
  field.name === "error" && hasError(message) && message.name.endsWith("Response");

/** Callers see no base64 sibling of a bytes field. */
const isSeen = (member: DescMessage["members"][number]) =>
  member.kind === "oneof" || bytesSibling(member) === undefined;

export function requestShape(message: DescMessage, name: string, methods: readonly Method[]): Shape {
  const lists = methods
    .filter(({ rpc }) => rpc.input === message)
    .map((method) => requiredFields(method.name));
  const [first = [], ...others] = lists;
  return {
    message,
    name,
    members: message.members.filter(isSeen),
    required: first.filter((field) => others.every((list) => list.includes(field))),
    hasData: lists.length > 0 && message.fields.some(isSentData),
    hasBigint: false,
  };
}

export function resultShape(message: DescMessage): Shape {
  return {
    message,
    name: typeName(message),
    members: message.members.filter(
      (member) => isSeen(member) && (member.kind === "oneof" || !isOwnError(message, member)),
    ),
    required: [],
    hasData: hasData(message, new Set()),
    hasBigint: hasBigint(message, new Set()),
  };
}

/** Whether a method's type argument is the type of a field that is sent: of `data`, `streamData`, else of any bytes field. */
export function isSentData(field: DescField): boolean {
  const bytes = field.parent.fields.filter((one) => isBytes(one) && !one.proto.proto3Optional);
  const data = bytes.filter(({ localName }) => /(?:^d|D)ata$/.test(localName));
  return (data.length > 0 ? data : bytes).includes(field);
}

/** A singular bytes field outside of a oneof. */
export const isBytes = (field: DescField) =>
  field.fieldKind === "scalar" && field.scalar === ScalarType.BYTES && field.oneof === undefined;

/** A message whose bytes field `data` takes the type argument, so that its deeper bytes are `unknown`. */
export const ownsData = (message: DescMessage) =>
  message.fields.some((field) => isBytes(field) && field.localName === "data" && !field.proto.proto3Optional);

function hasData(message: DescMessage, seen: Set<DescMessage>): boolean {
  return some(message, seen, hasData, (field) => field.scalar === ScalarType.BYTES, ownsData(message));
}

function hasBigint(message: DescMessage, seen: Set<DescMessage>): boolean {
  return some(message, seen, hasBigint, (field) => isBigint(field.scalar));
}

function some(
  message: DescMessage,
  seen: Set<DescMessage>,
  recurse: (message: DescMessage, seen: Set<DescMessage>) => boolean,
  is: (field: DescField) => boolean,
  isShallow = false,
): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return message.fields.some((field) => {
    if (is(field)) return true;
    if (isShallow || field.message === undefined) return false;
    const value = wrappedValue(field.message);
    return value === undefined ? recurse(itemResult(field.message), seen) : is(value);
  });
}

export function isBigint(scalar: ScalarType | undefined): boolean {
  const { INT64, UINT64, SINT64, FIXED64, SFIXED64 } = ScalarType;
  return scalar !== undefined && [INT64, UINT64, SINT64, FIXED64, SFIXED64].includes(scalar);
}

/** Names that the generated files use otherwise. */
const taken = new Set(["Item", "CallOptions", "Omit", "Promise"]);

/** The name that protoc-gen-es gives a message: `Outer_Inner` for a nested one. */
export function typeName({ typeName: full, file }: DescMessage): string {
  const { package: scope } = file.proto;
  const name = (scope === "" ? full : full.slice(scope.length + 1)).replaceAll(".", "_");
  return taken.has(name) ? `${name}Message` : name;
}
