import { isDeepStrictEqual } from "node:util";
import { carryComments } from "./comments/carry-comments.ts";
import { headerRelease, headerSaying, isNewer } from "./comments/header.ts";
import { isDescendant } from "./comments/is-descendant.ts";
import { lostComments } from "./comments/lost-comments.ts";
import type { Change } from "./compare/change.ts";
import { printFile } from "./print/print-file.ts";
import type { Comments } from "./schema/locations.ts";
import { headerKey, packageKey } from "./schema/locations.ts";
import type { Schema } from "./schema/read-schema.ts";

/** The schema that the project is to have. */
export interface WrittenSchema {
  readonly text: string;
  /** The first line of its header. */
  readonly header: string;
  /** New elements that somebody has to describe. */
  readonly toBeWritten: readonly string[];
  /** Renamed elements that kept their comment. */
  readonly moved: readonly string[];
  /** Our comments on what is no element; they cannot be kept. */
  readonly lost: readonly string[];
}

export interface WriteOptions {
  /** The release that the new schema is, as far as it is known. */
  readonly release: string | undefined;
  readonly theirComments: boolean;
}

/** Writes the new schema in our layout and with our comments. Where no element differs, only the header can. */
export function writeSchema(
  ours: Schema,
  theirs: Schema,
  changes: readonly Change[],
  { release, theirComments }: WriteOptions,
): WrittenSchema {
  const descends = isDescendant(ours, theirs);
  const ourHeader = ours.comments.get(headerKey);
  if (changes.length === 0) {
    const header = headerOfSame(ourHeader, release);
    const comments = withHeader(new Map(ours.comments), header);
    const text = isDeepStrictEqual(header, ourHeader)
      ? ours.text
      : printFile(ours.file, ours.positions, comments);
    return { text, header: header?.text[0] ?? "", toBeWritten: [], moved: [], lost: [] };
  }
  const carried = carryComments(ours, theirs, changes, theirComments || descends);
  const header = descends ? theirs.comments.get(headerKey) : ourHeader;
  const breaks = changes.some(({ breaking }) => breaking !== undefined);
  const said =
    release !== undefined
      ? headerSaying(header, { release })
      : descends
        ? header
        : headerSaying(header, { relation: breaks ? "other" : "newer" });
  const comments = withHeader(carried.comments, said);
  const ofPackage = descends ? theirs.comments.get(packageKey) : undefined;
  if (ofPackage !== undefined) comments.set(packageKey, ofPackage);
  return {
    ...carried,
    text: printFile(theirs.file, theirs.positions, comments),
    header: said?.text[0] ?? "",
    lost: lostComments(ours.text, ours.comments),
  };
}

/** A newer release with the same schema is named; an older one is not, as nothing would be won. */
function headerOfSame(header: Comments | undefined, release: string | undefined): Comments | undefined {
  const named = headerRelease(header);
  if (release === undefined || named === undefined) return header;
  return !named.exact || isNewer(release, named.version) ? headerSaying(header, { release }) : header;
}

function withHeader(comments: Map<string, Comments>, header: Comments | undefined): Map<string, Comments> {
  if (header !== undefined) comments.set(headerKey, header);
  return comments;
}
