import { expectHarmless } from "../codec/harmless-data.ts";
import { PathError } from "../codec/path-error.ts";
import type { JsonOptions, Payload } from "../codec/payload.ts";
import { createPayload } from "../codec/payload.ts";

const plain = createPayload(undefined);

/** Converts data of clients, which may be made to do harm, and data of handlers. */
export function proxyPayload(json: JsonOptions | undefined): Payload {
  const own = json === undefined ? plain : createPayload(json);
  return {
    encode(value) {
      const bytes = own.encode(value);
      // The client's own data would be published, say, in place of the empty data.
      if (bytes.length === 0) throw new PathError("Centrifugo takes empty bytes for none");
      return bytes;
    },
    decode(bytes) {
      const value = plain.decode(bytes);
      // The caller's parse never sees harmful data, and may make values that cannot be searched.
      expectHarmless(value, bytes);
      return json === undefined ? value : own.decode(bytes);
    },
  };
}
