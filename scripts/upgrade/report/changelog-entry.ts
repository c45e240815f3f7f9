import type { Change, ChangeKind } from "../compare/change.ts";
import type { MethodName } from "./to-look-at.ts";

const sections: readonly (readonly [title: string, kinds: readonly ChangeKind[]])[] = [
  ["Added", ["added"]],
  ["Changed", ["renamed", "renumbered", "retyped", "no longer deprecated", "changed"]],
  ["Deprecated", ["deprecated"]],
  ["Removed", ["removed"]],
];

/**
 * An entry for CHANGELOG.md, to be edited by whoever releases. The messages of a method, and its fields in the messages
 * for batches, go without saying.
 *
 * @param batchMessages names of those messages: `Command` and `Reply`
 */
export function changelogEntry(
  changes: readonly Change[],
  release: string | undefined,
  { methodName, batchMessages }: { methodName: MethodName; batchMessages: readonly string[] },
): string {
  const told = changes.filter((change) => !goesWithoutSaying(change, changes, batchMessages));
  const parts = sections.flatMap(([title, kinds]) => {
    const lines = told.filter(({ kind }) => kinds.includes(kind)).map((change) => entry(change, methodName));
    return lines.length === 0 ? [] : [`### ${title}\n\n${lines.join("\n")}`];
  });
  const server = release === undefined ? [] : [`For Centrifugo ${release}.`];
  return ["## Unreleased", ...server, ...parts].join("\n\n");
}

const onlyReserved = /^(?:with(?:out)? reserved [^,]+(?:, |$))+$/;

function goesWithoutSaying(
  { kind, element, name, detail = "" }: Change,
  changes: readonly Change[],
  batchMessages: readonly string[],
): boolean {
  if (kind === "changed") return onlyReserved.test(detail);
  if (kind !== "added" && kind !== "removed") return false;
  const methodsChange = changes.some((change) => change.element === "rpc" && change.kind === kind);
  if (element === "field")
    return methodsChange && batchMessages.some((message) => name.startsWith(`${message}.`));
  return element === "message" && (kind === "added" || methodsChange);
}

function entry(change: Change, methodName: MethodName): string {
  const { element, name, formerName, kind, detail, breaking } = change;
  const what =
    element === "rpc"
      ? `method \`${methodName(change)}\``
      : `${element} \`${formerName === undefined ? name : `${formerName}\` → \`${name}`}\``;
  const how =
    kind === "added" || kind === "removed" || kind === "deprecated"
      ? ""
      : `: ${kind}${detail ? `, ${detail}` : ""}`;
  return `- ${breaking === undefined ? "" : "**Breaking:** "}${breaking === undefined ? capital(what) : what}${how}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
