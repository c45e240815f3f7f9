import type { Comments } from "../schema/locations.ts";

/** The first line of the header tells what the schema is: exactly a release, or something around one. */
const releaseLine =
  /(?:as version (?<exact>\d\S*) speaks it|(?<relation>newer|other) than version (?<near>\d\S*?))(?=\.?$)/;

/** The release that a header names, and whether the schema is exactly that. */
export function headerRelease(header: Comments | undefined): { version: string; exact: boolean } | undefined {
  const groups = releaseLine.exec(header?.text[0] ?? "")?.groups;
  const version = groups?.exact ?? groups?.near;
  return version === undefined ? undefined : { version, exact: groups?.exact !== undefined };
}

/** The statement of the header about the schema below it. */
export type Says = { readonly release: string } | { readonly relation: "newer" | "other" };

/** The header with another first line; all else in it is kept. One that names no release stays as it is. */
export function headerSaying(header: Comments | undefined, says: Says): Comments | undefined {
  const [first = "", ...others] = header?.text ?? [];
  const named = headerRelease(header);
  if (header === undefined || named === undefined) return header;
  const phrase =
    "release" in says
      ? `as version ${says.release} speaks it`
      : `${says.relation} than version ${named.version}`;
  return { ...header, text: [first.replace(releaseLine, phrase), ...others] };
}

/** Whether a release is newer than another: `6.10.0` than `6.9.1`. A pre-release is older than its release. */
export function isNewer(version: string, other: string): boolean {
  const parts = (text: string) => text.split("-", 1)[0]?.split(".").map(Number) ?? [];
  const [one, two] = [parts(version), parts(other)];
  const at = one.findIndex((part, index) => part !== two[index]);
  if (at !== -1) return (one[at] ?? 0) > (two[at] ?? 0);
  return other.includes("-") && (!version.includes("-") || version > other);
}
