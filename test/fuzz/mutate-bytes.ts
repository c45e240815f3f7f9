import type { Random } from "./random.ts";

/** Sequences that are not UTF-8: a lone byte, a cut one, a surrogate, an overlong form, one beyond the last code point. */
const noUtf8 = ["ff", "c3", "80", "eda080", "c0af", "f5808080", "e282", "f09f98"].map((hex) =>
  Buffer.from(hex, "hex"),
);
const marks = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "-",
  "e",
  "n",
  " ",
  "\0",
  "\ufeff",
  "\u2028",
  "é",
].map((text) => Buffer.from(text));

/** The bytes with one to three faults. Some faults insert parts of `other`. */
export function mutateBytes(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let mutated = bytes;
  for (let left = random.size(3); left > 0; left--) mutated = mutateOnce(mutated, other, random);
  return mutated;
}

function mutateOnce(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + random.size(16) - 1);
  const replaced = (from: number, to: number, put: Uint8Array) =>
    Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)]);
  switch (random.below(9)) {
    case 0:
      return replaced(at, at + 1, Buffer.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
    case 1:
      return replaced(at, until, Buffer.alloc(0));
    case 2:
      return replaced(at, at, bytes.subarray(at, until));
    case 3:
      return replaced(at, at, random.pick(marks));
    case 4:
      return replaced(at, until, random.pick(marks));
    case 5:
      return replaced(at, at, random.pick(noUtf8));
    case 6:
      return bytes.subarray(0, at);
    case 7: {
      const start = random.below(other.length + 1);
      return replaced(
        at,
        random.chance(0.5) ? bytes.length : until,
        other.subarray(start, start + random.size(64)),
      );
    }
    default:
      return replaced(at, at + 1, random.bytes(random.size(4)));
  }
}
