import type { Change } from "../compare/change.ts";

/** The name that an element had in the old schema, if it was there; a member of a renamed message follows its message. */
export function formerNames(changes: readonly Change[]): (name: string) => string {
  const renamed = new Map(
    changes.flatMap(({ name, formerName }) =>
      formerName === undefined ? [] : [[name, formerName] as const],
    ),
  );
  const former = (name: string): string => {
    const known = renamed.get(name);
    if (known !== undefined) return known;
    const dot = name.lastIndexOf(".");
    return dot === -1 ? name : `${former(name.slice(0, dot))}${name.slice(dot)}`;
  };
  return former;
}
