import { ScalarType } from "@bufbuild/protobuf";
import { JsonScanner } from "./json-scanner.ts";

type ReadScalar = (scanner: JsonScanner) => unknown;

const signedInteger = /^-?(?:0|[1-9][0-9]*)$/;
const unsignedInteger = /^(?:0|[1-9][0-9]*)$/;
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

const readBool: ReadScalar = (scanner) => {
  const value = scanner.attempt((token) => (token === "true" ? true : token === "false" ? false : undefined));
  if (value === undefined) throw scanner.unexpected("true or false");
  return value;
};

const readDouble: ReadScalar = (scanner) => {
  const value = scanner.attempt((token) => (decimal.test(token) ? Number(token) : undefined));
  if (value === undefined || !Number.isFinite(value)) throw scanner.unexpected("a number");
  return value;
};

function readInteger(bits: number, signed: boolean): ReadScalar {
  const expected = signed ? `a ${bits}-bit integer` : `an unsigned ${bits}-bit integer`;
  const least = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const most = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  const integer = signed ? signedInteger : unsignedInteger;
  return (scanner) => {
    const value = scanner.attempt((token) => {
      if (!integer.test(token)) return undefined;
      const exact = BigInt(token);
      return exact < least || exact > most ? undefined : exact;
    });
    if (value === undefined) throw scanner.unexpected(expected);
    return bits === 64 ? value : Number(value);
  };
}

const readString: ReadScalar = (scanner) => scanner.string();
const readInt32 = readInteger(32, true);
const readUint32 = readInteger(32, false);
const readInt64 = readInteger(64, true);
const readUint64 = readInteger(64, false);

/** The reader of a scalar's bare JSON form: integers as exact numbers, without quotes, fraction or exponent. */
export function scalarReader(type: Exclude<ScalarType, ScalarType.BYTES>): ReadScalar {
  switch (type) {
    case ScalarType.STRING:
      return readString;
    case ScalarType.BOOL:
      return readBool;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return readDouble;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return readInt32;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return readUint32;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return readInt64;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return readUint64;
  }
}

/** The reader of a map's key, which JSON writes as a string whatever its type. */
export function mapKeyReader(type: ScalarType): (key: string) => string {
  if (type === ScalarType.STRING) return (key) => key;
  const read = type === ScalarType.BYTES ? readString : scalarReader(type);
  return (key) => {
    const scanner = new JsonScanner(key);
    const value = String(read(scanner));
    scanner.end();
    return value;
  };
}
