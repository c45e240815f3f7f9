import { isBytes } from "../codec/payload.ts";

// TypeScript's library has no JSON with access to the source text yet.
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, revive: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** Makes a number for JSON.stringify, with all digits of its text. */
export const keepText = (digits: string): unknown => rawJSON(digits);

/**
 * Reads JSON. Integers that a number cannot hold become bigints, so that a shell loses no digit. A number such as 1e400, which
 * would become null, keeps its text.
 *
 * @param makeInteger makes another value than a bigint of the digits of such an integer
 */
export function readExact(text: string, makeInteger: (digits: string) => unknown = BigInt): unknown {
  return parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    if (/^-?\d+$/.test(source)) return makeInteger(source);
    return Number.isFinite(value) ? value : keepText(source);
  });
}

/** Writes JSON with all digits of bigints. Bytes that are no JSON are written as `{ "base64": "…" }`. */
export function writeExact(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, one: unknown) => {
      if (typeof one === "bigint") return keepText(`${one}`);
      return isBytes(one) ? { base64: Buffer.from(one).toString("base64") } : one;
    },
    indent,
  );
}
