/**
 * Marks an error with a hidden property, which logs and copies leave out. A WeakSet of marked errors would take a fifth of
 * the time of a rejection, as the garbage collector scans it.
 */
export function withMark<Reason extends object>(reason: Reason, mark: symbol, value = true): Reason {
  Reflect.defineProperty(reason, mark, { value, configurable: true });
  return reason;
}

export function markOf(reason: unknown, mark: symbol): boolean | undefined {
  return Reflect.get(Object(reason), mark);
}
