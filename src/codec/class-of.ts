/** The built-in class of a value of any realm: `Map`, `Promise`, `Null`, and `Object` also for a caller's own class. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object of no class, as nearly all are. It takes less time than {@link classOf}. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
