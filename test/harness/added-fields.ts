// Runs before each test file. A result has all its scalars, lists and maps, those too that a newer schema adds to it, so
// a test that names the whole of a result would fail with each of them. Where the schema has fields that 6.9.1 does
// not have, a result may have them besides, with their zero values. Where it has none, this does nothing.
import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { expect } from "vitest";
import { CentrifugoApi } from "#api";
import { recordedService } from "./schema-release.ts";

/** The names of a message's fields in a result: those that 6.9.1 knows, and those that it has besides. */
interface Grown {
  readonly known: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
}

const earlier = new Map(messages(recordedService.file).map((message) => [message.typeName, message]));
const grown = messages(CentrifugoApi.file).flatMap((message): Grown[] => {
  const before = earlier.get(message.typeName);
  if (before === undefined) return [];
  const known = new Set(before.members.map(({ localName }) => localName));
  const added = message.members.filter(isAlwaysThere).map(({ localName }) => localName);
  const isNew = (name: string) => !known.has(name);
  return added.some(isNew) ? [{ known, added: new Set(added.filter(isNew)) }] : [];
});

if (grown.length > 0) {
  expect.addEqualityTesters([
    function (left, right, testers) {
      if (!isRecord(left) || !isRecord(right)) return undefined;
      const [shorterLeft, shorterRight] = [withoutAdded(left, right), withoutAdded(right, left)];
      if (shorterLeft === left && shorterRight === right) return undefined;
      return this.equals(shorterLeft, shorterRight, testers);
    },
  ]);
}

/** A result without the fields, of zero, that its message has been given and the other object does not name. */
function withoutAdded(result: Record<string, unknown>, other: Record<string, unknown>): object {
  const names = Object.keys(result);
  const message = grown.find(
    ({ known, added }) =>
      [...added].every((name) => name in result) && names.every((name) => known.has(name) || added.has(name)),
  );
  const isDropped = (name: string) => message?.added.has(name) && !(name in other) && isZero(result[name]);
  if (!names.some(isDropped)) return result;
  return Object.fromEntries(Object.entries(result).filter(([name]) => !isDropped(name)));
}

function isAlwaysThere(member: DescField | DescOneof): boolean {
  if (member.kind === "oneof" || member.fieldKind === "list" || member.fieldKind === "map") return true;
  return member.fieldKind !== "message" && member.scalar !== ScalarType.BYTES && !member.proto.proto3Optional;
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return [0, 0n, "", false].includes(value as string);
  return Object.values(value).every((inner) => inner === undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function messages(file: DescMessage["file"]): DescMessage[] {
  return [...nestedTypes(file)].filter((type) => type.kind === "message");
}
