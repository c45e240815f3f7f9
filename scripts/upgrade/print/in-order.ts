import type { Element } from "../schema/elements.ts";
import { nameInFile } from "../schema/elements.ts";
import type { Locations } from "../schema/locations.ts";

/** Elements of several kinds in the order in which their file has them. */
export function inOrder<Some extends Element>(
  elements: readonly Some[],
  positions: Locations["positions"],
): Some[] {
  const position = (element: Some) => positions.get(nameInFile(element)) ?? [0, 0];
  return [...elements].sort((one, other) => {
    const [[line, column], [otherLine, otherColumn]] = [position(one), position(other)];
    return line - otherLine || column - otherColumn;
  });
}
