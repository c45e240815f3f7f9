/** The longest that a timer takes. */
const maxTimeoutMs = 2 ** 31 - 1;

/** What {@link isTimeout} wants, in words. */
export const timeoutExpected = `milliseconds from 0 to ${maxTimeoutMs}`;

/** Whether a value is a time limit in milliseconds. */
export function isTimeout(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= maxTimeoutMs;
}

/** @throws TypeError for a name that is none of those that are known */
export function checkNames(prefix: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${prefix}${unknown}: unknown option; expected one of ${known.join(", ")}`);
}

export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

export function isFunction(value: unknown): value is (...inputs: never[]) => unknown {
  return typeof value === "function";
}

/** @throws TypeError naming the option and what was expected */
export function expect(option: string, holds: boolean, expected: string, got?: unknown): asserts holds {
  if (holds) return;
  throw new TypeError(`${option}: expected ${expected}${got === undefined ? "" : `, got ${described(got)}`}`);
}

/** Not what an object says of itself: it may have no way to, or throw. */
function described(got: unknown): string {
  return isObject(got) ? "an object" : String(got);
}
