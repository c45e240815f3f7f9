/** Global, as a result may come from another copy of the package. */
const key = Symbol.for("tscent.attempts");

/** Lets {@link attemptsOf} find how often the request of a result was sent. Nothing else shows it. */
export function keepAttempts<Result extends object>(result: Result, attempts: number): Result {
  // Nearly all requests are sent once.
  return attempts > 1 ? Object.defineProperty(result, key, { value: attempts }) : result;
}

/** How often the request of a result was given to the transport: 1 for the result of a stand-in for a client. */
export function attemptsOf(result: object): number {
  return (Reflect.get(result, key) as number | undefined) ?? 1;
}
