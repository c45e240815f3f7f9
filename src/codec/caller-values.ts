import { ScalarType } from "../schema/scalar-type.ts";
import { encodeInteger, integerRange } from "./integers.ts";
import { PathError } from "./path-error.ts";

/** The built-in class of a value from any realm: `Map`, `Promise`, `Null`; `Object` for instances of a caller's class. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is a plain object, as nearly all are. Faster than {@link classOf}. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @throws PathError for a Map, a Date and the like: they have no fields and would be sent as {} */
export function expectObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(value) && classOf(value) !== "Object")
    throw new PathError(`expected an object, got ${describe(value)}`);
  return value as Record<string, unknown>;
}

/** @throws PathError for half a surrogate pair: it has no UTF-8 form, so another string would arrive */
export function expectWellFormed(value: string): string {
  if (!value.isWellFormed())
    throw new PathError("the string has half a surrogate pair, which UTF-8 cannot carry");
  return value;
}

/** Describes a value for an error message: a number as such, other values by type, as their content may be secret. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && classOf(value) !== "Object") return `a ${classOf(value)}`;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : typeof value;
}

/** The encoder of a scalar type: checks a caller's value, and converts it to the generated message's type. */
export function scalarEncoder(
  type: Exclude<ScalarType, typeof ScalarType.BYTES>,
): (value: unknown) => unknown {
  const range = integerRange(type);
  if (range !== undefined) return (value) => encodeInteger(value, range);
  switch (type) {
    case ScalarType.STRING:
      return encodeString;
    case ScalarType.BOOL:
      return encodeBool;
    default:
      return encodeDouble;
  }
}

export function encodeString(value: unknown): string {
  if (typeof value !== "string") throw new PathError(`expected a string, got ${describe(value)}`);
  return expectWellFormed(value);
}

function encodeBool(value: unknown): unknown {
  if (typeof value !== "boolean") throw new PathError(`expected true or false, got ${describe(value)}`);
  return value;
}

function encodeDouble(value: unknown): unknown {
  if (!Number.isFinite(value)) throw new PathError(`expected a finite number, got ${describe(value)}`);
  return value;
}
