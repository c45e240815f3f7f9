import { describe, expect, test } from "vitest";
import type { Change } from "../../scripts/upgrade/compare/change.ts";
import { compareSchemas } from "../../scripts/upgrade/compare/compare-schemas.ts";
import { compareCases } from "./compare-cases.ts";
import { compileAll, compileFile } from "./compile.ts";
import { today } from "./fixture-project.ts";

/** A change as one line: `field A.x → A.y renamed (detail) !`, with ! where it breaks programs. */
function shown({ element, name, formerName, kind, detail, breaking }: Change): string {
  const names = formerName === undefined ? name : `${formerName} → ${name}`;
  return `${element} ${names} ${kind}${detail ? ` (${detail})` : ""}${breaking ? " !" : ""}`;
}

const before = compileAll(compareCases.map(([, schema]) => schema));
const after = compileAll(compareCases.map(([, , schema]) => schema));

function changes(index: number): Change[] {
  const [one, other] = [before[index], after[index]];
  if (one === undefined || other === undefined) throw new Error("no such case");
  return compareSchemas(one, other);
}

describe("compareSchemas", () => {
  test.each(compareCases.map(([title, , , expected], index) => [title, index, expected] as const))(
    "%s",
    (_title, index, expected) => {
      expect(changes(index).map(shown).sort()).toEqual([...expected].sort());
    },
  );

  test("finds nothing between today's schema and itself", async () => {
    const [one, other] = await Promise.all([compileFile(today.proto), compileFile(today.proto)]);
    expect(compareSchemas(one, other)).toEqual([]);
  });

  test("gives the reason of what breaks", () => {
    const renamed = compareCases.findIndex(([title]) => title === "a field renamed");
    expect(changes(renamed)).toEqual([
      {
        kind: "renamed",
        element: "field",
        name: "M.b",
        formerName: "M.a",
        breaking: "it has another name in requests, results and Centrifugo's JSON",
      },
    ]);
  });
});
