import { describe, encodeString, expectObject } from "../../codec/caller-values.ts";
import { JsonBytes } from "../../codec/json-bytes.ts";
import { PathError, runUnder } from "../../codec/path-error.ts";
import type { Payload } from "../../codec/payload.ts";
import { expectJsonb } from "../jsonb-text.ts";
import type { SqlValue } from "../sql-query.ts";
import type { ArgumentKind } from "./broker-functions.ts";

/** How data is made, and whether the broker has `binary_data`. */
export interface Encoding {
  readonly payload: Payload;
  readonly binary: boolean;
}

/** A value for a driver, and the SQL type of its parameter. Drivers change jsonb values, so JSON travels as text. */
export interface SqlArgument {
  readonly value: SqlValue;
  readonly cast: string;
}

const mostInteger = 2 ** 31 - 1;
const mostBigint = 2n ** 63n - 1n;

/** @throws PathError for a value that the SQL function cannot take */
export function sqlArgument(kind: ArgumentKind, value: unknown, encoding: Encoding): SqlArgument {
  switch (kind) {
    case "text!":
      if (value === "") throw new PathError("must not be empty");
      return { value: text(value), cast: "text" };
    case "text":
      return { value: text(value), cast: "text" };
    case "data":
    case "data!":
      return data(value, encoding);
    case "tags":
      return { value: tags(value), cast: "text::jsonb" };
    case "interval":
      return { value: `${milliseconds(value)} milliseconds`, cast: "text::interval" };
    case "integer":
      return { value: Number(integer(value, BigInt(mostInteger))), cast: "integer" };
    case "bigint":
      return { value: String(integer(value, mostBigint)), cast: "bigint" };
    case "boolean":
      if (typeof value !== "boolean") throw new PathError(`expected true or false, got ${describe(value)}`);
      return { value, cast: "boolean" };
    case "keyMode":
      if (value !== "if_new" && value !== "if_exists")
        throw new PathError(`expected "if_new" or "if_exists", got ${describe(value)}`);
      return { value, cast: "text" };
  }
}

function text(value: unknown): string {
  const string = encodeString(value);
  if (string.includes("\0")) throw new PathError("has the character 0, which PostgreSQL refuses");
  return string;
}

function data(value: unknown, { payload, binary }: Encoding): SqlArgument {
  const bytes = payload.encode(value);
  // Plain bytes, as drivers treat a subclass in their own ways.
  if (binary) return { value: new Uint8Array(bytes), cast: "bytea" };
  if (!(bytes instanceof JsonBytes))
    throw new PathError("expected JSON; a Uint8Array needs a broker with binary_data, and the option binary");
  return { value: expectJsonb(bytes.text), cast: "text::jsonb" };
}

function tags(value: unknown): string {
  const given = expectObject(value);
  for (const [name, tag] of Object.entries(given)) runUnder(`["${name}"]`, () => encodeString(tag));
  return expectJsonb(JSON.stringify(given));
}

/** PostgreSQL can add each of these to the present time. Nothing lasts for ever by a negative time. */
function milliseconds(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw new PathError(
      `expected whole milliseconds from 0 to ${Number.MAX_SAFE_INTEGER}, got ${describe(value)}`,
    );
  return Number(value);
}

function integer(value: unknown, most: bigint): bigint {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value))
    throw new PathError(`expected an integer, got ${describe(value)}`);
  const exact = BigInt(value as number | bigint);
  if (exact < 0n || exact > most) throw new PathError(`expected an integer from 0 to ${most}, got ${exact}`);
  return exact;
}
