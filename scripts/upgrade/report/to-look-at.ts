import type { Change } from "../compare/change.ts";
import type { WrittenSchema } from "../write-schema.ts";

/** What a person has to look at after an upgrade: what the tool cannot know. A line each. */
export function toLookAt(
  changes: readonly Change[],
  written: WrittenSchema,
  methodName: MethodName,
): string[] {
  const methods = (kind: Change["kind"]) =>
    changes.filter((change) => change.kind === kind && change.element === "rpc").map(methodName);
  const [added, removed, renamed] = [methods("added"), methods("removed"), methods("renamed")];
  const lines: string[] = [];
  if (added.length > 0) {
    const names = added.join(", ");
    lines.push(
      `src/schema/required-fields.ts: the fields that the server refuses to go without, for ${names}`,
      `README.md: the table of methods needs ${names}`,
      `src/testing/engine: the embedded server answers ${names} as unimplemented until it is taught`,
      `src/client/consumer-command.ts: the list of consumers' methods, if Centrifugo's consumers execute ${names}`,
    );
  }
  const gone = [...removed, ...renamed];
  if (gone.length > 0)
    lines.push(
      `src/schema/required-fields.ts, src/client/consumer-command.ts, src/testing, README.md: changed for ${gone.join(", ")}`,
    );
  if (changes.some(({ kind, element }) => kind === "added" && element === "field"))
    lines.push(
      "src/schema/required-fields.ts: whether the server requires a new field of a method that it had",
    );
  if (written.moved.length > 0)
    lines.push(`the comments that moved along with a renaming: ${written.moved.join(", ")}`);
  if (written.lost.length > 0)
    lines.push(
      `comments that belonged to no element, and are gone: ${written.lost.map((text) => `"${text}"`).join(", ")}`,
    );
  if (written.toBeWritten.length > 0) {
    lines.push(
      `comments to be written, for ${written.toBeWritten.length} new elements: grep -rn "To be written" proto, then npm run generate`,
    );
  }
  return lines;
}

/** The client's name of the method that a change is about. */
export type MethodName = (change: Change) => string;
