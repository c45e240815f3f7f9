import { ScalarType } from "../../schema/scalar-type.ts";
import type { IntegerRange } from "../integers.ts";
import { integerRange } from "../integers.ts";
import { JsonScanner } from "./json-scanner.ts";
import type { ReadValue } from "./read-member-name.ts";

/** The length of the longest 64-bit integer, sign included. */
const mostDigits = 20;
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

const readBool: ReadValue = (scanner) => {
  const value = scanner.takeToken((token) =>
    token === "true" ? true : token === "false" ? false : undefined,
  );
  if (value === undefined) throw scanner.unexpected("true or false");
  return value;
};

const readDouble: ReadValue = (scanner) => {
  const value = scanner.takeToken((token) => {
    const number = decimal.test(token) ? Number(token) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  });
  if (value === undefined) throw scanner.unexpected("a number");
  return value;
};

function integerReader({ bits, signed, least, most }: IntegerRange): ReadValue {
  const expected = signed ? `a ${bits}-bit integer` : `an unsigned ${bits}-bit integer`;
  const form = signed ? /^-?(?:0|[1-9][0-9]*)$/ : /^(?:0|[1-9][0-9]*)$/;
  const accept = (token: string) => {
    // BigInt takes quadratic time, and a text may have a million digits.
    if (token.length > mostDigits || !form.test(token)) return undefined;
    const exact = BigInt(token);
    return exact < least || exact > most ? undefined : exact;
  };
  const mostSmall = Number(most);
  return (scanner) => {
    const small = scanner.takeSmallInteger(mostSmall);
    if (small !== undefined) return bits === 64 ? BigInt(small) : small;
    const value = scanner.takeToken(accept);
    if (value === undefined) throw scanner.unexpected(expected);
    return bits === 64 ? value : Number(value);
  };
}

/** The reader of a scalar in JSON. Integers are exact, and have no quotes, fraction or exponent. */
export function scalarReader(type: Exclude<ScalarType, typeof ScalarType.BYTES>): ReadValue {
  const range = integerRange(type);
  if (range !== undefined) return integerReader(range);
  switch (type) {
    case ScalarType.STRING:
      return (scanner) => scanner.string();
    case ScalarType.BOOL:
      return readBool;
    default:
      return readDouble;
  }
}

/** The reader of a map key. In JSON a key of any type is a string. */
export function mapKeyReader(type: Exclude<ScalarType, typeof ScalarType.BYTES>): (key: string) => string {
  if (type === ScalarType.STRING) return (key) => key;
  const read = scalarReader(type);
  return (key) => {
    const scanner = new JsonScanner(key);
    const value = String(read(scanner));
    scanner.end();
    return value;
  };
}
