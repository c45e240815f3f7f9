import type { AnyDesc } from "@bufbuild/protobuf";
import { customJsonName } from "../schema/json-name.ts";
import { optionSettings } from "../schema/option-settings.ts";
import { reservedOf } from "../schema/reserved.ts";
import type { Change, ElementKind } from "./change.ts";

/** Compares what stands beside the shape of one element: deprecation, other options, what it reserves. None of it breaks. */
export function compareMarks(
  element: ElementKind,
  name: string,
  [before, after]: readonly [AnyDesc, AnyDesc],
): Change[] {
  const changes: Change[] = [];
  const [was, is] = [isDeprecated(before), isDeprecated(after)];
  if (was !== is) changes.push({ kind: is ? "deprecated" : "no longer deprecated", element, name });
  const detail = differences(marksOf(before), marksOf(after));
  if (detail !== "") changes.push({ kind: "changed", element, name, detail });
  return changes;
}

function isDeprecated(element: AnyDesc): boolean {
  return "deprecated" in element && element.deprecated === true;
}

function marksOf(element: AnyDesc): string[] {
  const marks = optionSettings(element)
    .filter(({ name }) => name !== "deprecated")
    .map(({ name, value = "…" }) => `${name} = ${value}`);
  const jsonName = element.kind === "field" ? customJsonName(element) : undefined;
  if (jsonName !== undefined) marks.push(`json_name = "${jsonName}"`);
  if (element.kind === "message" || element.kind === "enum")
    marks.push(...reservedOf(element).map((item) => `reserved ${item}`));
  return marks;
}

/** The marks that stand in one of two lists only: `without a, with b`. */
function differences(before: readonly string[], after: readonly string[]): string {
  const lost = before.filter((mark) => !after.includes(mark)).map((mark) => `without ${mark}`);
  const won = after.filter((mark) => !before.includes(mark)).map((mark) => `with ${mark}`);
  return [...lost, ...won].join(", ");
}
