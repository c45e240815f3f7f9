/** The handlers of an event by names and patterns. */
export interface Patterns<Handler> {
  /** The namespaces of the patterns, "" for names without one. */
  readonly namespaces: readonly string[];
  /** The handler of the longest pattern that fits. */
  find(name: string): Handler | undefined;
}

/**
 * Compiles patterns.
 *
 * @param event the name of the event in errors
 * @throws TypeError naming the pattern that can never fit, and why
 */
export function compilePatterns<Handler>(
  event: string,
  key: "channel" | "method",
  handlers: Readonly<Record<string, Handler>>,
): Patterns<Handler> {
  const patterns = Object.entries(handlers).map(([text, handler]) => {
    const problem = (key === "channel" ? channelProblem(text) : undefined) ?? patternProblem(text);
    if (problem !== undefined) throw new TypeError(`createProxy: ${event}["${text}"]: ${problem}`);
    const isOpen = text.endsWith("*");
    const prefix = isOpen ? text.slice(0, -1) : text;
    return { prefix, isOpen, namespace: namespaceOf(prefix), handler };
  });
  const exact = new Map(patterns.filter((one) => !one.isOpen).map((one) => [one.prefix, one.handler]));
  const open = patterns.filter((one) => one.isOpen).sort((a, b) => b.prefix.length - a.prefix.length);
  const namespaces = [...new Set(patterns.map(({ namespace }) => namespace))].sort();
  const isIn = (name: string) => {
    const namespace = namespaceOf(name);
    return (one: (typeof open)[number]) => one.namespace === namespace && name.startsWith(one.prefix);
  };
  return { namespaces, find: (name) => exact.get(name) ?? open.find(isIn(name))?.handler };
}

/** The namespace of a channel or method, before its first colon; "" without one. */
const namespaceOf = (name: string) => name.slice(0, Math.max(0, name.indexOf(":")));

function channelProblem(text: string): string | undefined {
  if (text.startsWith("$"))
    return "Centrifugo never asks about channels that begin with $; it wants a subscription token";
  if (text.includes("#"))
    return "Centrifugo never asks about channels with #; it admits the users whom the name lists";
  return undefined;
}

function patternProblem(text: string): string | undefined {
  if (text === "") return "expected a name or a pattern, got an empty one";
  const star = text.indexOf("*");
  if (star !== -1 && star !== text.length - 1) return "expected at most one *, at the end";
  return /^(?:[\w.-]{2,})?$/.test(namespaceOf(text))
    ? undefined
    : "a namespace of Centrifugo has at least two letters, digits, or any of - _ .";
}
