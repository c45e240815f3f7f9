import { PathError } from "../codec/path-error.ts";

/** True for a value that will do, or else the words for what was expected. It is not asked about undefined, the default. */
export type OptionCheck = (value: unknown) => true | string;

/** The checks of an interface's options, and of the options in them. An option without a check does not compile. */
export type OptionGroup<Options> = {
  readonly [Name in keyof Options]-?: OptionCheck | OptionGroup<Extract<Options[Name], object>>;
};

export type OptionChecks = ReadonlyMap<string, OptionCheck | OptionChecks>;
type AnyGroup = { readonly [name: string]: OptionCheck | AnyGroup };

/** The checks of a group as {@link expectOptions} takes them. */
export function optionChecks<Options>(group: OptionGroup<Options>): OptionChecks {
  const entries = Object.entries<OptionCheck | AnyGroup>(group);
  return new Map(
    entries.map(([name, check]) => [name, typeof check === "function" ? check : optionChecks<object>(check)]),
  );
}

/**
 * Checks options. The check makes no objects where all is well: each call that has options runs it.
 *
 * @param prefix the part of the path that stands before the options' names in errors
 * @throws PathError naming the option and what was expected
 */
export function expectOptions(given: unknown, checks: OptionChecks, prefix = ""): void {
  expect("options", isObject(given), "an object");
  const values = enumerable(given, checks);
  for (const name in values) {
    const check = checks.get(name);
    if (check === undefined) {
      // A name that other code gave to all objects is not the caller's.
      if (!Object.hasOwn(given, name)) continue;
      const known = `${checks.size > 1 ? "one of " : ""}${[...checks.keys()].join(", ")}`;
      throw new PathError(`unknown option; expected ${known}`, { path: prefix + name });
    }
    const value = values[name];
    if (value === undefined) continue;
    if (typeof check === "function") {
      const result = check(value);
      if (result !== true) expect(prefix + name, false, result);
    } else {
      expect(prefix + name, isObject(value), `an object, got ${typeof value}`);
      expectOptions(value, check, `${prefix}${name}.`);
    }
  }
}

/** The options by name. A loop over the names of an object passes by the accessors that a class gives it. */
function enumerable(given: object, checks: OptionChecks): Readonly<Record<string, unknown>> {
  if (given.constructor === Object) return given as Record<string, unknown>;
  const names = [...Object.keys(given), ...checks.keys()];
  return Object.fromEntries(names.map((name) => [name, Reflect.get(given, name)]));
}

/** @throws PathError naming the option and what was expected */
export function expect(option: string, holds: boolean, expected: string): asserts holds {
  if (!holds) throw new PathError(`expected ${expected}`, { path: option });
}

/** The longest that a timer takes. */
const maxTimeoutMs = 2 ** 31 - 1;

export const milliseconds: OptionCheck = (value) =>
  (typeof value === "number" && value >= 0 && value <= maxTimeoutMs) ||
  `milliseconds from 0 to ${maxTimeoutMs}`;

/** For a time that must pass. */
export const positiveMs: OptionCheck = (value) =>
  (milliseconds(value) === true && Number(value) > 0) || `milliseconds above 0, up to ${maxTimeoutMs}`;

export const count: OptionCheck = (value) =>
  (Number.isSafeInteger(value) && Number(value) > 0) || "an integer above 0";

/** A caller's JSON codec. A library's class or module has more to it than the two functions. */
export const jsonFunctions: OptionCheck = (value) =>
  hasFunctions(value, "stringify", "parse") || "something with the functions stringify and parse";

/** A string such as "false" would do the opposite of what it says. */
export const flag: OptionCheck = shown((value) => typeof value === "boolean" || "true or false");

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
  const isAny = isObject(value) || isFunction(value);
  return isAny && names.every((name) => isFunction(Reflect.get(value, name)));
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function isFunction(value: unknown): value is (...inputs: never[]) => unknown {
  return typeof value === "function";
}
