import type { OptionCheck } from "./expect.ts";
import { isFunction, isObject } from "./expect.ts";

/** The longest that a timer takes. */
const maxTimeoutMs = 2 ** 31 - 1;

export const milliseconds: OptionCheck = (value) =>
  (typeof value === "number" && value >= 0 && value <= maxTimeoutMs) ||
  `milliseconds from 0 to ${maxTimeoutMs}`;

export const count: OptionCheck = (value) =>
  (Number.isSafeInteger(value) && Number(value) > 0) || "an integer above 0";

/** A caller's JSON codec. A library's class or module has more to it than the two functions. */
export const jsonFunctions: OptionCheck = (value) =>
  hasFunctions(value, "stringify", "parse") || "something with the functions stringify and parse";

export const callback: OptionCheck = (value) => isFunction(value) || "a function";

/** For an option that is checked where it is used. */
export const anything: OptionCheck = () => true;

/** The same check, with the value in its words. Without it they show no value, which may be secret. */
export function shown(check: OptionCheck, show = text): OptionCheck {
  return (value) => {
    const result = check(value);
    return result === true || `${result}, got ${show(value)}`;
  };
}

/** A value in words. An object is not asked for its own: it may have none, or throw. */
function text(value: unknown): string {
  return isObject(value) ? "an object" : String(value);
}

/** Whether an object of any class, or a function, has functions of these names. */
export function hasFunctions(value: unknown, ...names: readonly string[]): boolean {
  return (
    (isObject(value) || isFunction(value)) && names.every((name) => isFunction(Reflect.get(value, name)))
  );
}
