import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { CentrifugoApi } from "#api";
import type { Random } from "../random.ts";

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[ \t\r\n]+|[^ \t\r\n{}[\],:"]+/g;

/** The parts of a JSON text, white space included. */
export const splitJson = (text: string): string[] => text.match(tokens) ?? [];

const names = [...nestedTypes(CentrifugoApi.file)].flatMap((type) =>
  type.kind === "message" ? type.fields.flatMap((field) => [field.name, field.jsonName]) : [],
);
const oddNames = [
  "__proto__",
  "constructor",
  "toString",
  "",
  " ",
  "ı",
  "É",
  "😀",
  "a]",
  "}",
  ",",
  '\\"',
  "\\ud800",
];

/** A member's name with its quotes: known, in another case, escaped, or unknown. */
export function oddName(random: Random): string {
  const name = random.chance(0.6) ? random.pick(names) : random.pick(oddNames);
  return respell(`"${name}"`, random);
}

/** A string token with some letters in upper case, or as escapes, which keep the value. */
export function respell(token: string, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return token.replace(/\\.|[a-z]/g, (part) => (part.length === 1 ? part.toUpperCase() : part));
    case 1:
      return token.replace(/\\.|[a-z_]/gi, (part) =>
        part.length === 1 && random.chance(0.3)
          ? `\\u${part.charCodeAt(0).toString(16).padStart(4, "0")}`
          : part,
      );
    default:
      return token;
  }
}

const values = [
  ..."null true false [] {} 0 -0 1 -1 1.0 1e0 1E2 -1.5e-3 0.0 1e400 -1e400 5e-324 100000e-5 0e999".split(" "),
  ..."2147483647 2147483648 -2147483648 -2147483649 4294967295 4294967296".split(" "),
  ..."999999999999999 9007199254740991 9007199254740993 1000000000000000 123456789012345678".split(" "),
  ..."9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809".split(" "),
  ..."18446744073709551615 18446744073709551616 99999999999999999999 184467440737095516150".split(" "),
  ...'"" "a" "1" "null" "\\ud800" "\\udc00\\ud800" "\\ud83d\\ude00" "\\"" "\\\\" "}" "]" "\\u0000" "\\/"'.split(
    " ",
  ),
  '"😀é\u2028"',
  '[[1,{"offset":2}],"]"]',
  '{"data":{},"offset":1}',
  '[null,{},[],""]',
  '{"a":null,"A":1,"a":[{}]}',
];
/** Texts that look like values, but are not JSON. */
const noValues = [
  ..."01 00 -01 -00 1. .5 +1 - 1e 1e+ 0x1 1_0 1n NaN Infinity -Infinity undefined nul nulll True trues".split(
    " ",
  ),
  ...'"\\x" "\\u12g4" "\\u" "\\ 1,] 1,} 1} 1] 1, ,1 1:1 // /**/ \'a\' \u00a0 \ufeff1 \0'.split(" "),
  '"\t"',
  '"\u0001"',
  '"a',
  "1 2",
  "",
];

/** A number with a digit, sign, point or exponent added or removed. The result may not be a number. */
export function oddNumber(number: string, random: Random): string {
  const at = random.below(number.length + 1);
  const until = random.chance(0.5) ? at : at + 1;
  return (
    number.slice(0, at) +
    random.pick(["", "0", "9", "-", "+", ".", ".0", "e", "e1", "E-2", "00"]) +
    number.slice(until)
  );
}

/** A value of any kind. Few of them are not JSON. */
export function oddValue(random: Random): string {
  switch (random.below(20)) {
    case 0:
      return random.pick(noValues);
    case 1:
      return `${random.chance(0.3) ? "-" : ""}${String(random.below(9) + 1)}${"0123456789".repeat(3).slice(0, random.below(24))}`;
    case 2: {
      const depth = random.size(40);
      return random.chance(0.5)
        ? "[".repeat(depth) + "]".repeat(depth)
        : `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    }
    default:
      return random.pick(values);
  }
}
