/** A name, or a prefix with `*` behind it, and its handler. */
interface Pattern<Handler> {
  readonly text: string;
  readonly prefix: string;
  readonly isExact: boolean;
  readonly namespace: string;
  readonly handler: Handler;
}

/** The handlers of an event by names and patterns. */
export interface Patterns<Handler> {
  /** The namespaces of the patterns, "" for names without one. */
  readonly namespaces: readonly string[];
  /** The handler of the longest pattern that fits. */
  find(name: string): Handler | undefined;
}

/** The namespace of a channel or method, before its first colon; "" without one. */
export function namespaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(":")));
}

/**
 * Compiles patterns.
 *
 * @param event the name of the event in errors
 * @param key what the names are of
 * @throws TypeError naming the pattern that can never fit, and why
 */
export function compilePatterns<Handler>(
  event: string,
  key: "channel" | "method",
  handlers: Readonly<Record<string, Handler>>,
): Patterns<Handler> {
  const patterns = Object.entries(handlers)
    .map(([text, handler]) => compile(`${event}["${text}"]`, key, text, handler))
    .sort((one, other) => other.prefix.length - one.prefix.length);
  const exact = new Map(patterns.filter(({ isExact }) => isExact).map((one) => [one.text, one.handler]));
  const open = patterns.filter(({ isExact }) => !isExact);
  return {
    namespaces: [...new Set(patterns.map(({ namespace }) => namespace))].sort(),
    find(name) {
      const named = exact.get(name);
      if (named !== undefined) return named;
      const namespace = namespaceOf(name);
      return open.find((one) => one.namespace === namespace && name.startsWith(one.prefix))?.handler;
    },
  };
}

function compile<Handler>(
  place: string,
  key: "channel" | "method",
  text: string,
  handler: Handler,
): Pattern<Handler> {
  const problem = (key === "channel" ? channelProblem(text) : undefined) ?? patternProblem(text);
  if (problem !== undefined) throw new TypeError(`createProxy: ${place}: ${problem}`);
  const isExact = !text.endsWith("*");
  const prefix = isExact ? text : text.slice(0, -1);
  return { text, prefix, isExact, namespace: namespaceOf(prefix), handler };
}

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
  return star === -1 || star === text.length - 1 ? undefined : "expected at most one *, at the end";
}
