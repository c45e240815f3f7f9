import { BodyTooLarge } from "./http-answer.ts";
import { BadRequest } from "./respond.ts";

const advice = "mount the proxy before what reads bodies";

/**
 * The JSON of a body that a framework has read.
 *
 * @param body its text or bytes, or the value that a parser has made of it
 * @throws BodyTooLarge; BadRequest for a value that may differ from what Centrifugo sent
 */
export function parsedBody(body: unknown, limit: number): Uint8Array {
  if (body === undefined) throw new BadRequest(`the body was read before the proxy could; ${advice}`);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(textOf(body));
  if (bytes.byteLength > limit) throw new BodyTooLarge();
  return bytes;
}

function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body, expectExact);
  } catch (cause) {
    if (cause instanceof BadRequest) throw cause;
    throw new BadRequest(`the parsed body has no JSON; ${advice}`, { cause });
  }
}

/** A parser has rounded an integer that a number cannot hold. */
function expectExact(_name: string, value: unknown): unknown {
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new BadRequest(`a parser may have rounded the integer ${value}; ${advice}`);
  return value;
}
