import type { MethodTable } from "../../../src/schema/method-table.ts";
import type { Change } from "../compare/change.ts";
import type { Element } from "../schema/elements.ts";
import { elementsOf, nameInFile } from "../schema/elements.ts";
import type { Comments } from "../schema/locations.ts";
import { packageKey } from "../schema/locations.ts";
import { formerNames } from "./former-names.ts";
import type { SchemaComments } from "./is-descendant.ts";

/** Comments for a new schema. */
export interface CarriedComments {
  /** For each element that has one. */
  readonly comments: Map<string, Comments>;
  /** New elements that are marked: somebody has to write their comments. */
  readonly toBeWritten: readonly string[];
  /** Renamed elements whose comment moved along. */
  readonly moved: readonly string[];
}

/**
 * Ours where the element still exists, under whatever name. New elements get what the source says of them where
 * `takeTheirs` is set, and a mark where it says nothing or is not asked.
 */
export function carryComments(
  ours: SchemaComments,
  theirs: SchemaComments & { readonly table: MethodTable },
  changes: readonly Change[],
  takeTheirs: boolean,
): CarriedComments {
  const existed = new Set(elementsOf(ours.file).map(nameInFile));
  const former = formerNames(changes);
  const comments = new Map<string, Comments>();
  const toBeWritten: string[] = [];
  const moved: string[] = [];
  const put = (name: string, text: Comments | undefined) => text !== undefined && comments.set(name, text);
  put(packageKey, ours.comments.get(packageKey));
  for (const element of elementsOf(theirs.file)) {
    const name = nameInFile(element);
    const formerName = former(name);
    const comment = ours.comments.get(formerName);
    const offered = theirs.comments.get(name);
    if (existed.has(formerName)) {
      put(name, comment);
      if (formerName !== name && comment !== undefined) moved.push(name);
    } else if (takeTheirs && offered !== undefined) {
      put(name, offered);
    } else if (!needsNone(element, theirs.table)) {
      put(name, { text: [`To be written: \`${name}\`.`], detached: [] });
      toBeWritten.push(name);
    }
  }
  return { comments, toBeWritten, moved };
}

/** Our schema says nothing about the fields that every method has alike: those of `Reply`, and a response's two. */
function needsNone(element: Element, { reply, methods }: MethodTable): boolean {
  if (element.kind !== "field") return false;
  if (element.parent === reply) return true;
  return (
    ["error", "result"].includes(element.name) && methods.some(({ rpc }) => rpc.output === element.parent)
  );
}
