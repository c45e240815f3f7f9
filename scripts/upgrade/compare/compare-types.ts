import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { enumsOf, messagesOf, nameInFile } from "../schema/elements.ts";
import type { Change } from "./change.ts";
import { compareEnumValues } from "./compare-enums.ts";
import { compareFields } from "./compare-fields.ts";
import { compareMarks } from "./compare-marks.ts";
import { compareOneofs } from "./compare-oneofs.ts";
import type { RenamedTypes } from "./find-renames.ts";

type Type = DescMessage | DescEnum;

/** The differences between the messages and enums of two schemas, and between what is in them. */
export function compareTypes(before: DescFile, after: DescFile, renamed: RenamedTypes): Change[] {
  const [former, current] = [typesOf(before), typesOf(after)];
  const pairs = former.flatMap((was): (readonly [Type, Type])[] => {
    const same = ({ typeName, kind }: Type) => typeName === was.typeName && kind === was.kind;
    const is = renamed.get(was.typeName) ?? current.find(same);
    return is === undefined ? [] : [[was, is]];
  });
  const kept = new Set(pairs.flat());
  const outermost = (types: readonly Type[]) =>
    types.filter((type) => !kept.has(type) && (type.parent === undefined || kept.has(type.parent)));
  return [
    ...outermost(current).map((type) => change("added", type, { detail: contents(type) })),
    ...outermost(former).map((type) =>
      change("removed", type, { breaking: "its type is gone from the generated ones" }),
    ),
    ...pairs
      .filter(([was, is]) => was.typeName !== is.typeName)
      .map(([was, is]) =>
        change("renamed", is, {
          formerName: nameInFile(was),
          breaking: "the generated type has another name",
        }),
      ),
    ...pairs.flatMap((pair) => compareMarks(pair[1].kind, nameInFile(pair[1]), pair)),
    ...pairs.flatMap(([was, is]) => {
      if (was.kind === "enum" && is.kind === "enum") return compareEnumValues(was, is);
      if (was.kind !== "message" || is.kind !== "message") return [];
      return [...compareOneofs(was, is), ...compareFields(was, is, renamed)];
    }),
  ];
}

function typesOf(file: DescFile): Type[] {
  return [...messagesOf(file), ...enumsOf(file)];
}

function change(kind: Change["kind"], type: Type, more: Partial<Change>): Change {
  return { kind, element: type.kind, name: nameInFile(type), ...more };
}

function contents(type: Type): string {
  const [count, what] = type.kind === "enum" ? [type.values.length, "value"] : [type.fields.length, "field"];
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
