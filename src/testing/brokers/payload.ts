import { badRequest } from "./api-error.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const base64Alphabet = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of a payload: a Uint8Array as it is, none for undefined, JSON for any other value. */
export function payloadBytes(value: unknown): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`no JSON can be made of ${String(value)}`);
  return encoder.encode(text);
}

/** A payload as tests see it: parsed JSON, else the bytes; undefined if empty. */
export function payloadValue(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const value = jsonValue(bytes);
  return value === undefined ? bytes : value;
}

/** The value of a JSON text; undefined if the bytes are not JSON. */
export function jsonValue(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch {
    return undefined;
  }
}

/**
 * The payload of a request: the base64 field if it is not empty, else the bytes field.
 *
 * @throws ApiError 107 for base64 in another alphabet, or without padding.
 */
export function decodePayload(bytes: Uint8Array, base64: string): Uint8Array {
  if (base64 === "") return bytes;
  // Like the server's decoder, this one skips line breaks.
  const text = base64.replace(/[\r\n]/g, "");
  if (!base64Alphabet.test(text)) throw badRequest();
  return new Uint8Array(Buffer.from(text, "base64"));
}
