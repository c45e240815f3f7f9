import { markOf, withMark } from "./marks.ts";

const oneOfMany = Symbol("one of many");

/** Marks one of many errors that come at once, and so need no stack traces. */
export function asOneOfMany<Reason extends object>(reason: Reason): Reason {
  return withMark(reason, oneOfMany);
}

export function isOneOfMany(reason: unknown): boolean {
  return markOf(reason, oneOfMany) === true;
}

/** Makes an error without its stack trace, the slowest and largest part of an error. */
export function withoutStackTrace<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  // Reflect.set, as an assignment would throw in a program with frozen globals.
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}
