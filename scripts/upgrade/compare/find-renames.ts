import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { enumsOf, messagesOf } from "../schema/elements.ts";
import { fieldType } from "../schema/field-type.ts";

type Type = DescMessage | DescEnum;

/** The types that have another name in the new schema, by the full name that they had. */
export type RenamedTypes = ReadonlyMap<string, Type>;

/**
 * Finds messages and enums that were renamed: one that is gone and one that is new, with the same fields or values, and
 * no third that has them too. Empty messages are all alike: of them, only one that replaced another as the type of a
 * field counts.
 */
export function findRenames(before: DescFile, after: DescFile): RenamedTypes {
  const renamed = new Map<string, Type>();
  const [gone, fresh] = [without(typesOf(before), after), without(typesOf(after), before)];
  const swaps = swappedTypes(before, after);
  // One rename may show another: a response is told by its result's type.
  for (let found = -1; found !== renamed.size; ) {
    found = renamed.size;
    const nameOf = (type: Type) => renamed.get(type.typeName)?.typeName ?? type.typeName;
    const left = gone.filter(({ typeName }) => !renamed.has(typeName));
    const taken = new Set([...renamed.values()].map(({ typeName }) => typeName));
    const open = fresh.filter(({ typeName }) => !taken.has(typeName));
    for (const former of left) {
      const shape = shapeOf(former, nameOf);
      const alike = (type: Type) => shapeOf(type, nameOf) === shape;
      const swap = open.find((type) => alike(type) && swaps.get(former.typeName) === type.typeName);
      const [only, ...others] = open.filter(alike);
      const unique = others.length === 0 && left.filter(alike).length === 1 && !isEmpty(former);
      const match = swap ?? (unique ? only : undefined);
      if (match !== undefined && ![...renamed.values()].includes(match)) renamed.set(former.typeName, match);
    }
  }
  return renamed;
}

function typesOf(file: DescFile): Type[] {
  return [...messagesOf(file), ...enumsOf(file)];
}

function without(types: readonly Type[], file: DescFile): Type[] {
  const there = new Set(typesOf(file).map(({ typeName }) => typeName));
  return types.filter(({ typeName }) => !there.has(typeName));
}

const isEmpty = (type: Type) => type.kind === "message" && type.fields.length === 0;

/** Equal for types that differ in nothing but their names. */
function shapeOf(type: Type, nameOf: (type: Type) => string): string {
  const members =
    type.kind === "enum"
      ? type.values.map(({ name, number }) => `${name} = ${number}`)
      : type.fields.map((field) => {
          const text = fieldType(field, (other) => (other === type ? "itself" : nameOf(other)));
          return `${text} ${field.name} = ${field.number} in ${field.oneof?.name}`;
        });
  return [type.kind, ...members].join("\n");
}

/** Types of fields of which the message, the name or number, and the type's kind stayed: old full name to new. */
function swappedTypes(before: DescFile, after: DescFile): Map<string, string> {
  const messages = new Map(messagesOf(after).map((message) => [message.typeName, message]));
  const swaps = messagesOf(before).flatMap((message) =>
    message.fields.flatMap((field) => {
      const now = messages.get(message.typeName)?.fields.find(({ number }) => number === field.number);
      const [was, is] = [field.message ?? field.enum, now?.message ?? now?.enum];
      return was === undefined || is === undefined || was.typeName === is.typeName
        ? []
        : [[was.typeName, is.typeName] as const];
    }),
  );
  return new Map(swaps);
}
