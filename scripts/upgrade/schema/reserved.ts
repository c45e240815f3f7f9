import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { quote } from "./quote.ts";

const highestFieldNumber = 2 ** 29 - 1;
const highestEnumNumber = 2 ** 31 - 1;

interface NumberRange {
  readonly start: number;
  /** The last one of the range. */
  readonly end: number;
}

/** What a message or enum reserves: `1 to 3`, `"old_name"`. Ranges are sorted, and those that touch are one. */
export function reservedOf(type: DescMessage | DescEnum): string[] {
  const highest = type.kind === "message" ? highestFieldNumber : highestEnumNumber;
  const ranges = reservedRanges(type).map(({ start, end }) => {
    if (start === end) return `${start}`;
    return `${start} to ${end === highest ? "max" : end}`;
  });
  return [...ranges, ...[...type.proto.reservedName].sort().map(quote)];
}

/** The reserved numbers, sorted; ranges that touch are one, so that `1, 2, 3` and `1 to 3` are the same. */
function reservedRanges(type: DescMessage | DescEnum): NumberRange[] {
  // The end of a message's range is not part of it, that of an enum's is.
  const beyond = type.kind === "message" ? 1 : 0;
  return mergeRanges(type.proto.reservedRange.map(({ start, end }) => ({ start, end: end - beyond })));
}

/** Sorts ranges, and makes one of those that touch. */
export function mergeRanges(ranges: readonly NumberRange[]): NumberRange[] {
  const merged: NumberRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end + 1)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}
