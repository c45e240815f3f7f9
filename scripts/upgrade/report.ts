import { rpcPath } from "../../src/schema/rpc-path.ts";
import { type Difference, isEmpty } from "./compare.ts";
import type { Element } from "./elements.ts";
import type { SchemaFile } from "./schema-files.ts";
import type { WrittenSchema } from "./write-schemas.ts";

/** What was found in a source. */
export interface Findings {
  /** What people call the source. */
  readonly name: string;
  readonly release: string | undefined;
  /** The release that the header of our schema names. */
  readonly ourRelease: string | undefined;
  readonly written: readonly WrittenSchema[];
  /** A line of `buf breaking` each. */
  readonly broken: readonly string[];
}

/** What is new in the source, and what of it breaks programs. */
export function whatIsNew({ name, ourRelease, written, broken }: Findings): string {
  const here = ourRelease === undefined ? "proto/" : `proto/ (version ${ourRelease})`;
  const differences = written.map(({ difference }) => difference);
  if (differences.every(isEmpty) && broken.length === 0)
    return `Nothing new: ${name} and ${here} have the same schema.`;
  const groups = differences.flatMap(({ schema, added, removed, deprecated }) =>
    [
      [`Added to ${schema.path}:`, ...outermost(added).map(line)],
      [`Removed from ${schema.path}:`, ...outermost(removed).map(line)],
      [`Deprecated in ${schema.path}:`, ...deprecated.map(line)],
    ].filter((lines) => lines.length > 1),
  );
  const verdict =
    broken.length === 0
      ? ["Nothing of it breaks programs that use the SDK."]
      : ["This breaks programs that use the SDK, says `buf breaking`:", ...broken.map((text) => `  ${text}`)];
  return [[`${name} differs from ${here}.`], ...groups, verdict].map((part) => part.join("\n")).join("\n\n");
}

/** What a person has to do after the upgrade, and what to write into the changelog. */
export function whatIsLeft(findings: Findings): string {
  const tasks = tasksAfter(findings).map((task) => `  - ${task}`);
  return [
    ...(tasks.length === 0 ? [] : [["To look at:", ...tasks].join("\n")]),
    `For CHANGELOG.md, to be edited:\n\n${changelogEntry(findings)}`,
  ].join("\n\n");
}

function tasksAfter({ written, release, ourRelease, broken }: Findings): string[] {
  const methods = (kind: "added" | "removed") =>
    written.flatMap(({ difference: { schema, [kind]: elements } }) =>
      elements.filter(isMethodOf(schema)).map(methodName),
    );
  const [added, removed] = [methods("added").join(", "), methods("removed").join(", ")];
  const toBeWritten = written.flatMap((schema) => schema.toBeWritten).length;
  const lost = written.flatMap((schema) => schema.lost);
  const isNew = broken.length > 0 || written.some(({ difference }) => !isEmpty(difference));
  const tasks: readonly (readonly [when: boolean, task: string])[] = [
    [
      isNew && release === undefined && ourRelease !== undefined,
      `the header in proto/ still names version ${ourRelease}; --release writes another one`,
    ],
    [
      added !== "",
      `src/schema/required-fields.ts: the fields that the server refuses to go without, for ${added}`,
    ],
    [added !== "", `README.md: the table of methods needs ${added}`],
    [
      added !== "",
      `src/testing/engine: the embedded server answers ${added} as unimplemented until it is taught`,
    ],
    [
      added !== "",
      `src/client/consumer-command.ts: the list of consumers' methods, if Centrifugo's consumers execute ${added}`,
    ],
    [
      removed !== "",
      `src/schema/required-fields.ts, src/client/consumer-command.ts, src/testing, README.md: removed were ${removed}`,
    ],
    [
      written.some(({ difference }) => membersOfOld(difference.added, difference).length > 0),
      "src/schema/required-fields.ts: whether the server requires a new field of a method that it had",
    ],
    [
      toBeWritten > 0,
      `comments to be written, for ${toBeWritten} new elements: grep -rn "To be written" proto, then npm run generate`,
    ],
    [
      lost.length > 0,
      `comments that are gone, with their element or because they belonged to none:\n${lost.map((text) => `      ${text}`).join("\n")}`,
    ],
  ];
  return tasks.flatMap(([when, task]) => (when ? [task] : []));
}

/**
 * An entry for CHANGELOG.md. The messages of a method go without saying, and so do its fields in the messages for batches.
 */
export function changelogEntry({ written, release, broken }: Findings): string {
  const entries = (kind: "added" | "removed" | "deprecated", mark = "") =>
    written.flatMap(({ difference }) =>
      [
        ...difference[kind].filter(({ kind: element }) => element === "rpc"),
        ...(kind === "deprecated"
          ? difference.deprecated
          : membersOfOld(difference[kind], difference)
        ).filter(({ kind: element }) => element !== "rpc"),
      ].map((element) => `- ${mark}${entryName(element, difference.schema, mark === "")}.`),
    );
  // Those lines tell of removals, which have lines of their own.
  const others = broken.filter((text) => !/Previously present .* was deleted/.test(text));
  const sections = [
    ["### Added", ...entries("added")],
    ["### Changed", ...others.map((text) => `- **Breaking:** ${text.replace(/^\S+:\d+:\d+:/, "")}`)],
    ["### Deprecated", ...entries("deprecated")],
    ["### Removed", ...entries("removed", "**Breaking:** ")],
  ].filter((lines) => lines.length > 1);
  return [
    "## Unreleased",
    ...(release === undefined ? [] : [`For Centrifugo ${release}.`]),
    ...sections.map(([title, ...lines]) => `${title}\n\n${lines.join("\n")}`),
  ].join("\n\n");
}

/** Elements without the members of others among them. */
function outermost(elements: readonly Element[]): Element[] {
  const names = new Set(elements.map(({ name }) => name));
  return elements.filter(({ name }) => !names.has(parentOf(name)));
}

/** Fields, oneofs and values of a message or enum that both versions have; a batch's are those of the methods. */
function membersOfOld(elements: readonly Element[], { schema }: Difference): Element[] {
  return outermost(elements).filter(
    ({ kind, name }) =>
      ["field", "oneof", "value"].includes(kind) &&
      !(schema.hasClientMethods && ["Command", "Reply"].includes(parentOf(name))),
  );
}

const parentOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf(".")));

const isMethodOf =
  ({ hasClientMethods }: SchemaFile) =>
  ({ kind }: Element) =>
    hasClientMethods && kind === "rpc";

/** The client's name of an RPC: `mapStats` for `CentrifugoApi.MapStats`. */
function methodName({ name }: Element): string {
  const path = rpcPath(name.slice(name.lastIndexOf(".") + 1));
  return path.replaceAll(/_(\w)/g, (_underscore, letter: string) => letter.toUpperCase());
}

function entryName(element: Element, schema: SchemaFile, isFirst: boolean): string {
  const text = isMethodOf(schema)(element)
    ? `method \`${methodName(element)}\``
    : `${element.kind} \`${schema.hasClientMethods ? "" : `${schema.packageName}.`}${element.name}\``;
  return isFirst ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function line({ kind, name, declaration }: Element): string {
  const own = declaration === `${kind} ${name}` ? "" : `: ${declaration}`;
  return `  ${kind} ${name}${own}`;
}
