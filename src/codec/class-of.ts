/** `Object` for plain objects and those of a caller's class, `Map`, `Promise`, `Uint8Array` … in whichever realm, `Null`, `String`. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object of no class, as nearly all are: the short answer to what {@link classOf} finds out. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
