import { ScalarType } from "@bufbuild/protobuf";
import { encodeInteger, integerRange } from "./integers.ts";
import { PathError } from "./path-error.ts";

/** The built-in class of a value of any realm: `Map`, `Promise`, `Null`, and `Object` also for a caller's own class. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object of no class, as nearly all are. It takes less time than {@link classOf}. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** An object of fields or entries. A Map, a Date and the like have no fields, and would be sent as {}. */
export function expectObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(value) && classOf(value) !== "Object")
    throw new PathError(`expected an object, got ${describe(value)}`);
  return value as Record<string, unknown>;
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

/** The encoder of a scalar: it checks a caller's value, and gives the value that a generated message holds. */
export function scalarEncoder(type: Exclude<ScalarType, ScalarType.BYTES>): (value: unknown) => unknown {
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
