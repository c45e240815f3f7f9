import { classOf, isPlain } from "./class-of.ts";
import { PathError } from "./path-error.ts";

/** An object of fields or entries. A Map, a Date and the like have no fields, and would be sent as {}. */
export function expectObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(value) && classOf(value) !== "Object")
    throw new PathError(`expected an object, got ${describe(value)}`);
  return value as Record<string, unknown>;
}

export function expectString(value: unknown): string {
  if (typeof value !== "string") throw new PathError(`expected a string, got ${describe(value)}`);
  return expectWellFormed(value);
}

/** A string with half a surrogate pair has no UTF-8 form, and would arrive as another string. */
export function expectWellFormed(value: string): string {
  if (!value.isWellFormed())
    throw new PathError("the string has half a surrogate pair, which UTF-8 cannot carry");
  return value;
}

/** A value for an error message: its type, never its content, which may be secret. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && classOf(value) !== "Object") return `a ${classOf(value)}`;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : typeof value;
}
