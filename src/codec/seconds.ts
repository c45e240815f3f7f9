import { describe } from "./caller-values.ts";
import { PathError } from "./path-error.ts";

/** From here on, a number is milliseconds: as seconds it would be the year 5138. */
const leastMilliseconds = 100_000_000_000;

/**
 * Makes Unix seconds of a handler's time. Parts of a second are cut off.
 *
 * @throws PathError for milliseconds, which would mean never, and for 0 and less, which mean never or at once
 */
export function toSeconds(time: unknown): unknown {
  const seconds = time instanceof Date ? time.getTime() / 1000 : time;
  if (typeof seconds === "bigint") return within(seconds);
  if (typeof seconds !== "number" || !Number.isFinite(seconds))
    throw new PathError(`expected a Date or Unix seconds, got ${describeTime(time)}`);
  return within(Math.floor(seconds));
}

function within<Seconds extends number | bigint>(seconds: Seconds): Seconds {
  if (seconds >= leastMilliseconds)
    throw new PathError(`expected a Date or Unix seconds, got ${seconds}, which looks like milliseconds`);
  if (seconds <= 0) throw new PathError(`expected a time after 1970, got ${seconds}`);
  return seconds;
}

const describeTime = (time: unknown) => (time instanceof Date ? "an invalid Date" : describe(time));
