import { classOf, isPlain } from "./caller-values.ts";
import { JsonBytes, readJson } from "./json-bytes.ts";
import { PathError } from "./path-error.ts";

/** Functions to use for data in place of `JSON.stringify` and `JSON.parse`, such as superjson's. */
export interface JsonOptions {
  /** Makes a JSON text of any value that a caller passes as data. */
  stringify(value: unknown): string;
  /** Makes a value of a JSON text. */
  parse(text: string): unknown;
}

/** Converts callers' values to bytes fields, and back. */
export interface Payload {
  /** @throws PathError for a value that has no JSON form */
  encode(value: unknown): Uint8Array;
  /** Gives bytes that are not JSON as a Uint8Array. @throws PathError if the caller's `parse` fails */
  decode(bytes: Uint8Array): unknown;
}

export function createPayload(json: JsonOptions | undefined): Payload {
  return {
    encode(value) {
      // Copied, as the caller may reuse the buffer before the request is sent.
      if (isBytes(value)) return new Uint8Array(value);
      return new JsonBytes(json === undefined ? plainText(value) : customText(value, json));
    },
    decode(bytes) {
      const embedded = readJson(bytes);
      // Copied, as a view would keep the whole reply in memory.
      if (embedded === undefined) return new Uint8Array(bytes);
      return json === undefined ? embedded.value : attempt("json.parse", () => json.parse(embedded.text));
    },
  };
}

/** Whether a value is a Uint8Array, even from another realm, as in test runners and `node:vm`. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || (ArrayBuffer.isView(value) && classOf(value) === "Uint8Array");
}

/** Classes that JSON.stringify writes as {} or as a list of numbers, which callers do not want as data. */
const withoutJson =
  /^(?:Promise|Map|Set|WeakMap|WeakSet|Blob|File|FormData|ReadableStream|DataView|.+Array|.*ArrayBuffer)$/;

export function plainText(value: unknown): string {
  const suspect = typeof value === "object" && !isPlain(value) && !Array.isArray(value);
  if (suspect && withoutJson.test(classOf(value))) {
    throw new PathError(`expected JSON or a Uint8Array, got a ${classOf(value)}`);
  }
  const text = attempt("JSON.stringify", () => JSON.stringify(value) as string | undefined);
  if (text === undefined) throw new PathError(`expected JSON or a Uint8Array, got ${typeof value}`);
  return text;
}

function customText(value: unknown, json: JsonOptions): string {
  const text: unknown = attempt("json.stringify", () => json.stringify(value));
  if (typeof text !== "string")
    throw new PathError(`json.stringify gave ${typeof text} instead of a JSON text`);
  attempt("json.stringify gave a text that is not JSON", () => JSON.parse(text));
  if (!text.isWellFormed())
    throw new PathError("json.stringify gave half a surrogate pair, which UTF-8 cannot carry");
  return text;
}

function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new PathError(`${what}: ${cause instanceof Error ? cause.message : "failed"}`, { cause });
  }
}
