import { classOf, describe } from "../codec/caller-values.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import { PathError } from "../codec/path-error.ts";
import { isBytes, plainText } from "../codec/payload.ts";

/** True for a valid value, otherwise the text of what was expected. Not called for undefined, which means the default. */
export type OptionCheck = (value: unknown) => true | string;

/** The checks of all options in an interface, nested ones too. A missing check is a compile error. */
export type OptionGroup<Options> = {
  readonly [Name in keyof Options]-?: OptionCheck | OptionGroup<Extract<Options[Name], object>>;
};

export type OptionChecks = ReadonlyMap<string, OptionCheck | OptionChecks>;
type AnyGroup = { readonly [name: string]: OptionCheck | AnyGroup };

/** Converts a group of checks for {@link expectOptions}. */
export function optionChecks<Options>(group: OptionGroup<Options>): OptionChecks {
  const entries = Object.entries<OptionCheck | AnyGroup>(group);
  return new Map(
    entries.map(([name, check]) => [name, typeof check === "function" ? check : optionChecks<object>(check)]),
  );
}

/**
 * Checks options. Valid options cost no allocation, as each call with options runs this.
 *
 * @param prefix the path before the option's name in errors: `batching.`
 * @throws PathError naming the option and what was expected
 */
export function expectOptions(given: unknown, checks: OptionChecks, prefix = ""): void {
  expect(prefix === "" ? "options" : prefix.slice(0, -1), isObject(given), "an object");
  const values = enumerable(given, checks);
  for (const name in values) {
    const check = checks.get(name);
    if (check === undefined) {
      // Ignores a property that other code added to Object.prototype.
      if (!Object.hasOwn(given, name)) continue;
      const known = `expected ${checks.size > 1 ? "one of " : ""}${[...checks.keys()].join(", ")}`;
      const problem = `unknown option; ${didYouMean(name, checks.keys()) ?? known}`;
      throw new PathError(problem, { path: prefix + name });
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

/** The options as enumerable properties. `for in` would miss the accessors of a class. */
function enumerable(given: object, checks: OptionChecks): Readonly<Record<string, unknown>> {
  if (given.constructor === Object) return given as Record<string, unknown>;
  const names = [...Object.keys(given), ...checks.keys()];
  return Object.fromEntries(names.map((name) => [name, Reflect.get(given, name)]));
}

/** @throws PathError naming the option and what was expected */
export function expect(option: string, holds: boolean, expected: string): asserts holds {
  if (!holds) throw new PathError(`expected ${expected}`, { path: option });
}

/** The longest delay of setTimeout. */
const maxTimeoutMs = 2 ** 31 - 1;

export const milliseconds: OptionCheck = (value) =>
  (typeof value === "number" && value >= 0 && value <= maxTimeoutMs) ||
  `milliseconds from 0 to ${maxTimeoutMs}`;

export const positiveMs: OptionCheck = (value) =>
  (milliseconds(value) === true && Number(value) > 0) || `milliseconds above 0, up to ${maxTimeoutMs}`;

export const count: OptionCheck = (value) =>
  (Number.isSafeInteger(value) && Number(value) > 0) || "an integer above 0";

/** Accepts classes and modules with further properties, as JSON libraries are. */
export const jsonFunctions: OptionCheck = (value) =>
  hasFunctions(value, "stringify", "parse") || "something with the functions stringify and parse";

/** Refuses strings: "false" would count as true. */
export const flag: OptionCheck = shown((value) => typeof value === "boolean" || "true or false");

/** Half a surrogate pair has no UTF-8 form: another text would arrive. */
export const text: OptionCheck = (value) => {
  if (typeof value === "number") return `a text, got the number ${value}: pass "${value}"`;
  if (typeof value !== "string") return `a text, got ${describe(value)}`;
  return (value !== "" && value.isWellFormed()) || "a text that is not empty";
};

export const texts: OptionCheck = (value) =>
  (Array.isArray(value) && value.length > 0 && value.every((item) => text(item) === true)) ||
  "an array of texts that are not empty";

/** Accepts an array of some of these words. */
export const words =
  (...known: readonly string[]): OptionCheck =>
  (value) =>
    (Array.isArray(value) && value.length > 0 && value.every((word) => known.includes(word))) ||
    `an array of ${known.join(", ")}`;

export const plainObject: OptionCheck = (value) =>
  classOf(value) === "Object" || `an object, got ${describe(value)}`;

/** Accepts data as the API takes it: a value that has a JSON form, or bytes. */
export const jsonOrBytes: OptionCheck = (value) => {
  try {
    if (!isBytes(value)) plainText(value);
    return true;
  } catch (error) {
    const { problem } = error as PathError;
    return problem.startsWith("expected ") ? problem.slice("expected ".length) : `JSON (${problem})`;
  }
};

export const callback: OptionCheck = (value) => isFunction(value) || "a function";

/** Accepts what `defineChannels` makes, even of another copy of the package. */
export const definedChannels: OptionCheck = (value) =>
  (isDefined(value) && "validate" in value) || "the channels that defineChannels makes";

/** Accepts what `defineMethods` makes. */
export const definedMethods: OptionCheck = (value) =>
  (isDefined(value) && !("validate" in value)) || "the methods that defineMethods makes";

// An array has a `find`, too.
const isDefined = (value: unknown): value is object =>
  hasFunctions(value, "find") && "definitions" in (value as object);

/** For an option that is checked elsewhere. */
export const anything: OptionCheck = () => true;

/** Adds the value to a check's message. Other checks show no value, as it may be secret. */
export function shown(check: OptionCheck, show = shownText): OptionCheck {
  return (value) => {
    const result = check(value);
    return result === true || `${result}, got ${show(value)}`;
  };
}

/** A value as text. Does not call an object's `toString`, which may be missing or throw. */
function shownText(value: unknown): string {
  return isObject(value) ? "an object" : String(value);
}

/** Whether an object or a function has functions of these names. */
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
