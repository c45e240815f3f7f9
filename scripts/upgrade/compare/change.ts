/** The kinds of change that an element of the schema can go through. */
export type ChangeKind =
  | "added"
  | "removed"
  | "renamed"
  | "renumbered"
  | "retyped"
  | "deprecated"
  | "no longer deprecated"
  | "changed";

export type ElementKind = "file" | "service" | "rpc" | "message" | "field" | "oneof" | "enum" | "value";

/** One difference between two schemas. */
export interface Change {
  readonly kind: ChangeKind;
  readonly element: ElementKind;
  /** The full name without the package: in the new schema, or in the old one where it was removed. */
  readonly name: string;
  /** The full name that it had, where it was renamed. */
  readonly formerName?: string;
  /** The declaration of the element, or the old and the new part of it: `string ttl = 4`, `int32 → int64`. */
  readonly detail?: string;
  /** Why it breaks programs that use the SDK; undefined where it breaks none. */
  readonly breaking?: string;
}
