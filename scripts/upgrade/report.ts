import { rpcPath } from "../../src/schema/rpc-path.ts";
import type { Element } from "./elements.ts";
import type { SchemaFile } from "./schema-files.ts";
import type { WrittenSchema } from "./write-schemas.ts";

/** The contents of a source, compared with our schemas. */
export interface Findings {
  /** The source's name for people. */
  readonly name: string;
  readonly release: string | undefined;
  /** The release that the header of our schema names. */
  readonly ourRelease: string | undefined;
  readonly written: readonly WrittenSchema[];
  /** A line of `buf breaking` each. */
  readonly broken: readonly string[];
}

/** Whether the source has something that our schemas lack, or the other way round. */
export function isNew({ written, broken }: Findings): boolean {
  const all = written.flatMap(({ added, removed, deprecated }) => [...added, ...removed, ...deprecated]);
  return all.length + broken.length > 0;
}

/** The first part of the report: new elements, and changes that break programs. */
export function whatIsNew(findings: Findings): string {
  const { name, ourRelease, written, broken } = findings;
  const here = ourRelease === undefined ? "proto/" : `proto/ (version ${ourRelease})`;
  if (!isNew(findings)) return `Nothing new: ${name} and ${here} have the same schema.`;
  const verdict =
    broken.length === 0
      ? ["Nothing of it breaks programs that use the SDK."]
      : ["This breaks programs that use the SDK, says `buf breaking`:", ...broken.map((text) => `  ${text}`)];
  return sections([
    [`${name} differs from ${here}.`],
    ...written.flatMap(({ schema, added, removed, deprecated }) => [
      titled(`Added to ${schema.path}:`, outermost(added).map(reportLine)),
      titled(`Removed from ${schema.path}:`, outermost(removed).map(reportLine)),
      titled(`Deprecated in ${schema.path}:`, deprecated.map(reportLine)),
    ]),
    verdict,
  ]);
}

/** The second part of the report: work that is left for a person, and an entry for the changelog. */
export function whatIsLeft({ written, release, ourRelease, broken }: Findings): string {
  const ofClient = written.filter(({ schema }) => schema.hasClientMethods);
  const methods = (list: "added" | "removed") =>
    ofClient.flatMap((schema) => schema[list].filter(({ kind }) => kind === "rpc").map(methodName));
  const changed = [...methods("added"), ...methods("removed")].join(", ");
  const newFields = ofClient.flatMap((schema) =>
    told("added", schema).filter(({ kind }) => kind === "field"),
  );
  const toBeWritten = written.flatMap((schema) => schema.toBeWritten).length;
  const lost = written.flatMap((schema) => schema.lost);
  const tasks = [
    release === undefined &&
      ourRelease !== undefined &&
      `the header in proto/, if it is not ${ourRelease}: --release writes another one`,
    changed !== "" &&
      `for ${changed}: src/schema/required-fields.ts, the README's table, src/testing/engine, src/client/consumer-command.ts`,
    newFields.length > 0 && "src/schema/required-fields.ts: whether the server requires a new field",
    toBeWritten > 0 &&
      `comments for ${toBeWritten} new elements: grep -rn "To be written" proto, then npm run generate`,
    lost.length > 0 && ["comments that are gone:", ...lost].join("\n      "),
  ].flatMap((task) => (task === false ? [] : [`  - ${task}`]));
  const inChangelog = (kind: "added" | "removed" | "deprecated", mark = "") =>
    written.flatMap((schema) =>
      told(kind, schema).map((element) => `- ${mark}${changelogName(element, schema.schema, mark === "")}.`),
    );
  // The lines on removals repeat the section on them.
  const changes = broken
    .filter((text) => !/Previously present .* was deleted/.test(text))
    .map((text) => `- **Breaking:** ${text.replace(/^\S+:\d+:\d+:/, "")}`);
  return sections([
    titled("To look at:", tasks),
    ["For CHANGELOG.md, to be edited:"],
    ["## Unreleased"],
    release === undefined ? [] : [`For Centrifugo ${release}.`],
    titled("### Added\n", inChangelog("added")),
    titled("### Changed\n", changes),
    titled("### Deprecated\n", inChangelog("deprecated")),
    titled("### Removed\n", inChangelog("removed", "**Breaking:** ")),
  ]);
}

/** The lines below a title; nothing where there are none. */
function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function sections(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Elements for the changelog. The messages of a method and its fields in a batch are left out. */
function told(
  kind: "added" | "removed" | "deprecated",
  { schema, [kind]: elements }: WrittenSchema,
): Element[] {
  const isOfBatch = ({ name }: Element) =>
    schema.hasClientMethods && ["Command", "Reply"].includes(parentOf(name));
  return outermost(elements).filter(
    (element) => !["message", "enum"].includes(element.kind) && !isOfBatch(element),
  );
}

/** Elements without the members of others among them. */
function outermost(elements: readonly Element[]): Element[] {
  const names = new Set(elements.map(({ name }) => name));
  return elements.filter(({ name }) => !names.has(parentOf(name)));
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

function isMethod({ kind }: Element, { hasClientMethods }: SchemaFile): boolean {
  return hasClientMethods && kind === "rpc";
}

/** The client's name of an RPC: `mapStats` for `CentrifugoApi.MapStats`. */
function methodName({ name }: Element): string {
  const path = rpcPath(name.slice(name.lastIndexOf(".") + 1));
  return path.replaceAll(/_(\w)/g, (_underscore, letter: string) => letter.toUpperCase());
}

function changelogName(element: Element, schema: SchemaFile, isFirst: boolean): string {
  const isOfClient = isMethod(element, schema);
  const kind = isOfClient ? "method" : element.kind.replace("_", " ");
  const scope = schema.hasClientMethods ? "" : `${schema.packageName}.`;
  const name = isOfClient ? methodName(element) : `${scope}${element.name}`;
  return `${isFirst ? kind.charAt(0).toUpperCase() + kind.slice(1) : kind} \`${name}\``;
}

function reportLine({ kind, name, declaration }: Element): string {
  return `  ${kind.replace("_", " ")} ${name}${declaration === `${kind} ${name}` ? "" : `: ${declaration}`}`;
}
