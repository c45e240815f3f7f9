import { isDeepStrictEqual } from "node:util";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";
import { fieldsOf } from "../../../src/codec/message-fields.ts";
import { perDescriptor } from "../../../src/schema/per-descriptor.ts";
import { ExpectedBytes, ExpectedMessage } from "./expectation.ts";

/** The fields of an empty message, as protobuf makes it. */
const emptyFields = perDescriptor((schema: DescMessage) => fieldsOf(create(schema)));

/**
 * The path to the first value that is not as expected; undefined for none.
 *
 * @param isComparable whether the values of embedded JSON are compared, as well as its text
 */
export function findDifference(expected: unknown, found: unknown, isComparable: boolean): string | undefined {
  if (expected instanceof ExpectedMessage) return messageDifference(expected, found as Message, isComparable);
  if (expected instanceof ExpectedBytes) return bytesDiffer(expected, found, isComparable) ? "" : undefined;
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return "";
    return firstOf(expected.entries(), (at) => found[at as number], isComparable);
  }
  if (expected instanceof Map) {
    if (Object.getPrototypeOf(found) !== Object.prototype) return "";
    const entries = found as Record<string, unknown>;
    if (Object.keys(entries).length !== expected.size) return "";
    return firstOf(
      expected,
      (key) => (Object.hasOwn(entries, `${key}`) ? entries[`${key}`] : undefined),
      isComparable,
    );
  }
  return Object.is(expected, found) || isDeepStrictEqual(expected, found) ? undefined : "";
}

function messageDifference(
  expected: ExpectedMessage,
  found: Message,
  isComparable: boolean,
): string | undefined {
  const { schema, fields } = expected;
  if (found?.$typeName !== schema.typeName) return "";
  const actual = fieldsOf(found);
  const empty = emptyFields(schema);
  const names = new Set(["$typeName", ...schema.members.map(({ localName }) => localName)]);
  const unknown = Object.keys(found).find((name) => !names.has(name));
  if (unknown !== undefined) return `.${unknown}`;
  for (const { localName } of schema.members) {
    const inside = fields.has(localName)
      ? findDifference(fields.get(localName), actual[localName], isComparable)
      : isDeepStrictEqual(actual[localName], empty[localName])
        ? undefined
        : "";
    if (inside !== undefined) return `.${localName}${inside}`;
  }
  return undefined;
}

function bytesDiffer({ source }: ExpectedBytes, found: unknown, isComparable: boolean): boolean {
  if (!(found instanceof JsonBytes) || found.text !== source) return true;
  if (Buffer.compare(found, Buffer.from(source)) !== 0) return true;
  return isComparable && !isDeepStrictEqual(found.value, JSON.parse(source));
}

function firstOf(
  expected: Iterable<[unknown, unknown]>,
  found: (key: unknown) => unknown,
  isComparable: boolean,
): string | undefined {
  for (const [key, value] of expected) {
    const inside = findDifference(value, found(key), isComparable);
    if (inside !== undefined) return `[${key}]${inside}`;
  }
  return undefined;
}
