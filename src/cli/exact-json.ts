import { isBytes } from "../codec/payload.ts";

// TypeScript's library has no JSON with access to the source text yet.
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, revive: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** Reads JSON. Integers that a number cannot hold become bigints, so that a shell loses no digit. */
export function readExact(text: string): unknown {
  return parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}

/** Writes JSON with all digits of bigints. Bytes that are no JSON are written as `{ "base64": "…" }`. */
export function writeExact(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, one: unknown) => {
      if (typeof one === "bigint") return rawJSON(`${one}`);
      return isBytes(one) ? { base64: Buffer.from(one).toString("base64") } : one;
    },
    indent,
  );
}
