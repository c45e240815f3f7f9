/** `Object` for plain objects and those of a caller's class, `Map`, `Promise`, `Uint8Array` … in whichever realm, `Null`, `String`. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
