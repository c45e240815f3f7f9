/** Values by names and patterns, such as the handlers of a proxy's event. */
export interface Patterns<Value> {
  /** The namespaces of the patterns, "" for names without one. */
  readonly namespaces: readonly string[];
  /** The value of the longest pattern that fits. */
  find(name: string): Value | undefined;
}

/**
 * Compiles patterns. A pattern is text with at most one `*`, at its end. The namespace before the colon is literal: `*` means
 * names without a namespace. The longest pattern counts.
 *
 * @param place the function and the option in errors: `createProxy: subscribe`
 * @param problemOf says why a pattern can never fit
 * @throws TypeError naming the pattern that can never fit, and why
 */
export function compilePatterns<Value>(
  place: string,
  values: Readonly<Record<string, Value>>,
  problemOf: (pattern: string) => string | undefined,
): Patterns<Value> {
  const patterns = Object.entries(values).map(([text, value]) => {
    const problem = problemOf(text);
    if (problem !== undefined) throw new TypeError(`${place}["${text}"]: ${problem}`);
    const isOpen = text.endsWith("*");
    const prefix = isOpen ? text.slice(0, -1) : text;
    return { prefix, isOpen, namespace: namespaceOf(prefix), value };
  });
  const exact = new Map(patterns.filter((one) => !one.isOpen).map((one) => [one.prefix, one.value]));
  const open = patterns.filter((one) => one.isOpen).sort((a, b) => b.prefix.length - a.prefix.length);
  const namespaces = [...new Set(patterns.map(({ namespace }) => namespace))].sort();
  const isIn = (name: string) => {
    const namespace = namespaceOf(name);
    return (one: (typeof open)[number]) => one.namespace === namespace && name.startsWith(one.prefix);
  };
  return { namespaces, find: (name) => exact.get(name) ?? open.find(isIn(name))?.value };
}

/** The namespace of a channel or method, before its first colon; "" without one. */
const namespaceOf = (name: string) => name.slice(0, Math.max(0, name.indexOf(":")));

/** Why a pattern can never fit; undefined for one that can. */
export function patternProblem(text: string): string | undefined {
  if (text === "") return "expected a name or a pattern, got an empty one";
  const star = text.indexOf("*");
  if (star !== -1 && star !== text.length - 1) return "expected at most one *, at the end";
  return /^(?:[\w.-]{2,})?$/.test(namespaceOf(text))
    ? undefined
    : "a namespace of Centrifugo has at least two letters, digits, or any of - _ .";
}
