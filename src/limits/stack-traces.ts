import { markOf, withMark } from "./marks.ts";

const oneOfMany = Symbol("one of many");

/** Says of an error that so many come with it that nobody reads the stack trace of each. */
export function asOneOfMany<Reason extends object>(reason: Reason): Reason {
  return withMark(reason, oneOfMany);
}

export function isOneOfMany(reason: unknown): boolean {
  return markOf(reason, oneOfMany) === true;
}

/** Makes an error without a stack trace, which takes longer to make, and more memory, than all else of an error. */
export function withoutStackTrace<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  // It cannot be set where a program has frozen its globals.
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}
