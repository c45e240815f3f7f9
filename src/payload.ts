import { JsonBytes } from "./json-bytes.ts";
import { PathError } from "./path-error.ts";

/** How data becomes JSON and comes back, in place of `JSON.stringify` and `JSON.parse`: superjson and the like. */
export interface JsonOptions {
  /** Gives a JSON text for any value that a caller passes as data. */
  stringify: (value: unknown) => string;
  /** Gives the value for such a text. */
  parse: (text: string) => unknown;
}

/** Turns callers' values into the schema's bytes fields, and back. */
export interface Payload {
  /** @throws PathError for a value that has no JSON form */
  encode(value: unknown): Uint8Array;
  /** Bytes that are not JSON come back as they are. @throws PathError where the caller's `parse` fails */
  decode(bytes: Uint8Array): unknown;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The payload codec with JSON's own functions, or with the caller's. */
export function createPayload(json: JsonOptions | undefined): Payload {
  const stringify = json === undefined ? plainStringify : checkedStringify(json.stringify);
  return {
    encode(value) {
      return value instanceof Uint8Array ? value : new JsonBytes(stringify(value));
    },
    decode(bytes) {
      const embedded = bytes instanceof JsonBytes ? bytes : jsonBytes(bytes);
      // A view into the reply would keep all of it in memory.
      if (embedded === undefined) return new Uint8Array(bytes);
      return json === undefined ? embedded.value : attempt("json.parse", () => json.parse(embedded.text));
    },
  };
}

function plainStringify(value: unknown): string {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    throw new PathError(
      `expected JSON or a Uint8Array, got ${value.constructor.name}; wrap its buffer in a Uint8Array`,
    );
  }
  if (value instanceof Map || value instanceof Set) {
    throw new PathError(
      `expected JSON or a Uint8Array, got a ${value.constructor.name}, which JSON.stringify makes {} of`,
    );
  }
  const text = attempt("JSON.stringify", () => JSON.stringify(value) as string | undefined);
  if (text === undefined) throw new PathError(`expected JSON or a Uint8Array, got ${typeof value}`);
  return text;
}

function checkedStringify(stringify: JsonOptions["stringify"]): JsonOptions["stringify"] {
  return (value) => {
    const text: unknown = attempt("json.stringify", () => stringify(value));
    if (typeof text !== "string")
      throw new PathError(`json.stringify gave ${typeof text} instead of a JSON text`);
    attempt("json.stringify gave a text that is not JSON", () => JSON.parse(text));
    return text;
  };
}

function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new PathError(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Bytes that are JSON; undefined for any others. */
function jsonBytes(bytes: Uint8Array): JsonBytes | undefined {
  try {
    const text = utf8.decode(bytes);
    return new JsonBytes(text, JSON.parse(text));
  } catch {
    // Binary data is nothing wrong: the caller gets it as a Uint8Array.
    return undefined;
  }
}
