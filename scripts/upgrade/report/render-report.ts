import type { Change, ChangeKind } from "../compare/change.ts";

const groups: readonly (readonly [ChangeKind, string])[] = [
  ["added", "Added"],
  ["removed", "Removed"],
  ["renamed", "Renamed"],
  ["renumbered", "Renumbered"],
  ["retyped", "Retyped"],
  ["deprecated", "Deprecated"],
  ["no longer deprecated", "No longer deprecated"],
  ["changed", "Otherwise changed"],
];

/** What differs, grouped; what breaks programs is marked, and counted at the end. */
export function renderChanges(changes: readonly Change[]): string {
  const sections = groups.flatMap(([kind, title]) => {
    const lines = changes.filter((change) => change.kind === kind).map(line);
    return lines.length === 0 ? [] : [[`${title}:`, ...lines].join("\n")];
  });
  const breaking = changes.filter((change) => change.breaking !== undefined).length;
  const verdict =
    breaking === 0
      ? "Nothing of it breaks programs that use the SDK."
      : `${breaking} of ${changes.length} ${breaking === 1 ? "breaks" : "break"} programs that use the SDK.`;
  return [...sections, verdict].join("\n\n");
}

function line({ element, name, formerName, detail, breaking }: Change): string {
  const names = formerName === undefined ? name : `${formerName} → ${name}`;
  return [`  ${element} ${names}`, detail && `: ${detail}`, breaking && ` [breaking: ${breaking}]`]
    .filter((part) => part !== undefined)
    .join("");
}
