import type { Element } from "./elements.ts";
import type { SchemaFile } from "./schema-files.ts";

/** How the new version of a schema differs from ours, by the full names of its elements. A rename is one of each. */
export interface Difference {
  readonly schema: SchemaFile;
  readonly added: readonly Element[];
  readonly removed: readonly Element[];
  /** Elements that became deprecated. */
  readonly deprecated: readonly Element[];
}

export function compare(
  schema: SchemaFile,
  ours: readonly Element[],
  theirs: readonly Element[],
): Difference {
  const without = (elements: readonly Element[], others: readonly Element[]) => {
    const keys = new Set(others.map(keyOf));
    return elements.filter((element) => !keys.has(keyOf(element)));
  };
  const deprecatedIn = (elements: readonly Element[]) => elements.filter(({ isDeprecated }) => isDeprecated);
  return {
    schema,
    added: without(theirs, ours),
    removed: without(ours, theirs),
    deprecated: without(deprecatedIn(theirs), deprecatedIn(ours)),
  };
}

export function isEmpty({ added, removed, deprecated }: Difference): boolean {
  return added.length + removed.length + deprecated.length === 0;
}

const keyOf = ({ kind, name }: Element) => `${kind} ${name}`;
