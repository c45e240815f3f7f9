import type { Dispatcher } from "undici";
import { builtin } from "../node-builtins.ts";

/**
 * Refuses a dispatcher of undici 6 or older. It calls handlers by other names, so a call would fail, hang or end the process.
 * The check sends nothing. It does not touch a dispatcher that is not undici's.
 *
 * @throws TypeError naming the versions that fit
 */
export function checkDispatcher(dispatcher: object): asserts dispatcher is Dispatcher {
  const base = undiciBase(dispatcher);
  if (base === undefined) return;
  // From version 7 on, `compose` returns a proxy; in version 6, an instance of a class.
  const { isProxy } = builtin("node:util").types;
  if (base.compose !== undefined && isProxy(base.compose.call(dispatcher as Dispatcher))) return;
  const expected = "expected a dispatcher of undici 7 or 8";
  throw new TypeError(`http.dispatcher: ${expected}, got one of an older undici`);
}

/** The base prototype of undici's dispatchers; undefined for any other object. */
function undiciBase(dispatcher: object): Partial<Dispatcher> | undefined {
  const { EventEmitter } = builtin("node:events");
  let base: object | null = dispatcher;
  while (base !== null && Object.getPrototypeOf(base) !== EventEmitter.prototype)
    base = Object.getPrototypeOf(base) as object | null;
  const isUndici = base !== null && Object.hasOwn(base, "pipeline") && Object.hasOwn(base, "upgrade");
  return isUndici ? (base as Partial<Dispatcher>) : undefined;
}
