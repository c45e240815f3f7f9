import { EventEmitter } from "node:events";
import { types } from "node:util";
import type { Dispatcher } from "undici";

/**
 * Refuses a dispatcher of undici 6 or older: it calls handlers by other names, so that a call would fail, hang or end the
 * process. Nothing is sent, and a dispatcher of the caller's own is not called.
 *
 * @throws TypeError saying which versions fit
 */
export function checkDispatcher(dispatcher: Dispatcher): void {
  const base = undiciBase(dispatcher);
  if (base === undefined) return;
  // The versions from 7 compose a dispatcher into a proxy of itself, version 6 into an object of a class.
  if (base.compose !== undefined && types.isProxy(base.compose.call(dispatcher))) return;
  const expected = "expected a dispatcher of undici 7 or 8";
  throw new TypeError(`http.dispatcher: ${expected}, got one of an older undici`);
}

/** The prototype that all dispatchers of one copy of undici share; undefined for an object that is not of undici. */
function undiciBase(dispatcher: object): Partial<Dispatcher> | undefined {
  let base: object | null = dispatcher;
  while (base !== null && Object.getPrototypeOf(base) !== EventEmitter.prototype)
    base = Object.getPrototypeOf(base) as object | null;
  const isUndici = base !== null && Object.hasOwn(base, "pipeline") && Object.hasOwn(base, "upgrade");
  return isUndici ? (base as Partial<Dispatcher>) : undefined;
}
