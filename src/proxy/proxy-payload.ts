import type { JsonBytes } from "../codec/json-bytes.ts";
import { PathError } from "../codec/path-error.ts";
import type { Payload } from "../codec/payload.ts";
import { createPayload } from "../codec/payload.ts";

/** Deeper data is refused: code that walks it by recursion would overflow the stack. */
const mostDepth = 500;
const json = createPayload(undefined);

/** Data of clients, which may be made to do harm, and data of handlers. */
export const proxyPayload: Payload = {
  encode(value) {
    const bytes = json.encode(value);
    // The original would be published, say, in place of the empty data.
    if (bytes.length === 0) throw new PathError("Centrifugo takes empty bytes for none");
    return bytes;
  },
  decode(bytes) {
    const value = json.decode(bytes);
    if (isSuspect(bytes)) expectHarmless(value);
    return value;
  },
};

const underscore = 95;
const backslash = 92;

/** Whether bytes are long enough for deep data, or may have the key `__proto__`, perhaps with escapes. */
function isSuspect(bytes: Uint8Array | JsonBytes): boolean {
  if (bytes.length > 2 * mostDepth) return true;
  return bytes.includes(backslash) || bytes.includes(underscore);
}

/** @throws PathError for data that is nested too deep, or has the key `__proto__` */
function expectHarmless(data: unknown): void {
  let level: object[] = isContainer(data) ? [data] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > mostDepth) throw new PathError(`is nested more than ${mostDepth} levels deep`);
    const next: object[] = [];
    for (const container of level) {
      if (Object.hasOwn(container, "__proto__")) throw new PathError("has the key __proto__");
      for (const value of Object.values(container)) if (isContainer(value)) next.push(value);
    }
    level = next;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
