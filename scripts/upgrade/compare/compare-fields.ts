import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import { fieldType } from "../schema/field-type.ts";
import type { Change } from "./change.ts";
import { compareMarks } from "./compare-marks.ts";
import { renamedOneofs } from "./compare-oneofs.ts";
import type { RenamedTypes } from "./find-renames.ts";
import { matchElements } from "./match-elements.ts";

/** The differences between the fields of two versions of a message. */
export function compareFields(before: DescMessage, after: DescMessage, renamed: RenamedTypes): Change[] {
  const { same, renamed: renames, removed, added } = matchElements(before.fields, after.fields);
  const pairs = [...same, ...renames];
  return [
    ...added.map((field) => change("added", field, { detail: shown(field) })),
    ...removed.map((field) =>
      change("removed", field, {
        detail: shown(field),
        breaking: "programs that set or read it no longer compile",
      }),
    ),
    ...renames.map(([was, is]) =>
      change("renamed", is, {
        formerName: nameInFile(was),
        breaking: "it has another name in requests, results and Centrifugo's JSON",
      }),
    ),
    ...same
      .filter(([was, is]) => was.number !== is.number)
      .map(([was, is]) =>
        change("renumbered", is, {
          detail: `${was.number} → ${is.number}`,
          breaking: "over gRPC, servers of other releases do not find it",
        }),
      ),
    ...retypedFields(pairs, renamed, renamedOneofs(before, after)),
    ...pairs.flatMap((pair) => compareMarks("field", nameInFile(pair[1]), pair)),
  ];
}

function retypedFields(
  pairs: readonly (readonly [DescField, DescField])[],
  renamed: RenamedTypes,
  oneofs: ReadonlyMap<string, string>,
): Change[] {
  const nameNow = ({ typeName }: DescMessage | DescEnum) => renamed.get(typeName)?.typeName ?? typeName;
  return pairs
    .filter(([was, is]) => {
      const oneof = was.oneof === undefined ? undefined : (oneofs.get(was.oneof.name) ?? was.oneof.name);
      return (
        fieldType(was, nameNow) !== fieldType(is, ({ typeName }) => typeName) || oneof !== is.oneof?.name
      );
    })
    .map(([was, is]) =>
      change("retyped", is, {
        detail: `${wholeType(was)} → ${wholeType(is)}`,
        breaking: "it has another type in requests or results",
      }),
    );
}

function change(kind: Change["kind"], field: DescField, more: Partial<Change>): Change {
  return { kind, element: "field", name: nameInFile(field), ...more };
}

function wholeType(field: DescField): string {
  const text = fieldType(field, nameInFile);
  return field.oneof === undefined ? text : `${text} in oneof ${field.oneof.name}`;
}

function shown(field: DescField): string {
  return `${wholeType(field)} = ${field.number}`;
}
