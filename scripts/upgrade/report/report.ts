import { headerRelease } from "../comments/header.ts";
import type { Change } from "../compare/change.ts";
import { headerKey } from "../schema/locations.ts";
import type { Schema } from "../schema/read-schema.ts";
import type { WrittenSchema } from "../write-schema.ts";
import { changelogEntry } from "./changelog-entry.ts";
import { renderChanges } from "./render-report.ts";
import type { MethodName } from "./to-look-at.ts";
import { toLookAt } from "./to-look-at.ts";

/** What was found. */
export interface Findings {
  readonly ours: Schema;
  readonly theirs: Schema;
  /** What the source is known by. */
  readonly name: string;
  readonly release: string | undefined;
  readonly changes: readonly Change[];
}

/** What is new in the source. */
export function whatIsNew({ ours, name, changes }: Findings): string {
  const release = headerRelease(ours.comments.get(headerKey));
  const here = release?.exact ? `proto/ (version ${release.version})` : "proto/";
  if (changes.length === 0) return `Nothing new: ${name} and ${here} have the same schema.`;
  const count = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  return `${name} has ${count} against ${here}.\n\n${renderChanges(changes)}`;
}

/** What a person has to do after the upgrade, and what to write into the changelog. */
export function whatIsLeft({ ours, theirs, release, changes }: Findings, written: WrittenSchema): string {
  const methodName: MethodName = ({ name, kind }) => {
    const { methods } = (kind === "removed" ? ours : theirs).table;
    return methods.find(({ rpc }) => `${rpc.parent.name}.${rpc.name}` === name)?.name ?? name;
  };
  const batchMessages = [theirs.table.command.name, theirs.table.reply.name];
  const tasks = toLookAt(changes, written, methodName).map((task) => `  - ${task}`);
  return [
    `The header of the schema: ${written.header}`,
    ...(tasks.length === 0 ? [] : [["To look at:", ...tasks].join("\n")]),
    `For CHANGELOG.md, to be edited:\n\n${changelogEntry(changes, release, { methodName, batchMessages })}`,
  ].join("\n\n");
}
