import type { DescEnum, DescEnumValue } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import type { Change } from "./change.ts";
import { compareMarks } from "./compare-marks.ts";
import { matchElements } from "./match-elements.ts";

/** The differences between the values of two versions of an enum. */
export function compareEnumValues(before: DescEnum, after: DescEnum): Change[] {
  const { same, renamed, removed, added } = matchElements(before.values, after.values);
  return [
    ...added.map((value) => change("added", value, { detail: `${value.number}` })),
    ...removed.map((value) =>
      change("removed", value, {
        detail: `${value.number}`,
        breaking: "programs that use it no longer compile",
      }),
    ),
    ...renamed.map(([was, is]) =>
      change("renamed", is, {
        formerName: nameInFile(was),
        breaking: "it has another name in the generated enum and in JSON",
      }),
    ),
    ...same
      .filter(([was, is]) => was.number !== is.number)
      .map(([was, is]) =>
        change("renumbered", is, {
          detail: `${was.number} → ${is.number}`,
          breaking: "servers of other releases take the number for another value",
        }),
      ),
    ...[...same, ...renamed].flatMap((pair) => compareMarks("value", nameInFile(pair[1]), pair)),
  ];
}

function change(kind: Change["kind"], value: DescEnumValue, more: Partial<Change>): Change {
  return { kind, element: "value", name: nameInFile(value), ...more };
}
