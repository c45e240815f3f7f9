import { describe } from "../codec/caller-values.ts";
import type { OptionCheck } from "./option-checks.ts";

/** A duration as text: seconds, minutes, hours or days, as in "90s", "15m", "1h", "7d". */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

/** A time: a Date, or seconds since 1970. A number that can only be milliseconds is refused. */
export type Time = Date | number;

const secondsOfUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const mostDuration = 3_653 * 86_400;
/** As seconds, this is the year 5138; as milliseconds, the year 1973. */
const leastMilliseconds = 1e11;

export const nowInSeconds = (): number => Math.floor(Date.now() / 1_000);

/** Whole seconds since 1970; NaN for another value. */
export function secondsOf(value: unknown): number {
  const isDate = Object.prototype.toString.call(value) === "[object Date]";
  return typeof value === "number" || isDate ? Math.floor(Number(value) / (isDate ? 1_000 : 1)) : Number.NaN;
}

/** Whole seconds of a number of seconds or a {@link Duration}; NaN for another value. */
export function durationSeconds(value: unknown): number {
  if (typeof value === "number") return Math.floor(value);
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(typeof value === "string" ? value : "") ?? [];
  return Math.floor(Number(count) * (secondsOfUnit[unit] ?? Number.NaN));
}

const nanosecondsOfUnit: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3_600e9 },
};
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** A duration above zero that Go's time.ParseDuration reads, as Centrifugo's configuration needs it. */
export const goDuration: OptionCheck = (value) => {
  const text = typeof value === "string" ? value : "";
  const parts = [...text.matchAll(part)];
  const total = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * Number(nanosecondsOfUnit[unit]),
    0,
  );
  const isWhole = parts.map(([whole]) => whole).join("") === text;
  return (isWhole && total >= 1 && total < 2 ** 63) || 'a duration such as "3s" or "1m30s"';
};

export const time: OptionCheck = (value) => {
  const seconds = secondsOf(value);
  if (!(seconds > 0)) return `a Date, or seconds since 1970, got ${describe(value)}`;
  const meant = `got milliseconds: pass ${Math.floor(seconds / 1_000)} or new Date(${seconds})`;
  return seconds < leastMilliseconds || `seconds since 1970, ${meant}`;
};

/** A duration is a common mistake here: as a time it is in 1970. */
export const futureTime: OptionCheck = (value) => {
  const seconds = secondsOf(value);
  const isTime = time(value);
  if (isTime !== true || seconds > nowInSeconds()) return isTime;
  return `a time in the future, got ${new Date(seconds * 1_000).toISOString()}; a duration goes into expiresIn`;
};

/** A time is a common mistake here, and a duration in milliseconds. */
export const duration: OptionCheck = (value) => {
  const seconds = durationSeconds(value);
  const got = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : describe(value);
  const expected = 'seconds, or a duration as in "90s", "15m", "1h" or "7d"';
  if (!(seconds >= 1)) return `${expected}, of one second or more, got ${got}`;
  const meant =
    seconds < 1e9 ? `in milliseconds it was ${seconds / 1_000} seconds` : "a time goes into expiresAt";
  return seconds <= mostDuration || `${expected}, of ten years or less, got ${got}; ${meant}`;
};
