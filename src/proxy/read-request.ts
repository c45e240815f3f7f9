import type { DescMessage, Message } from "@bufbuild/protobuf";
import { decodeBase64Fields } from "../codec/base64-fields.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { expectHarmless } from "../codec/harmless-data.ts";
import type { Int64 } from "../codec/integers.ts";
import { PathError } from "../codec/path-error.ts";
import { createPayload } from "../codec/payload.ts";

const json = createPayload(undefined);

/** Data of clients, which may be made to do harm, and data of handlers. */
export const proxyPayload: typeof json = {
  encode(value) {
    const bytes = json.encode(value);
    // The client's own data would be published, say, in place of the empty data.
    if (bytes.length === 0) throw new PathError("Centrifugo takes empty bytes for none");
    return bytes;
  },
  decode(bytes) {
    const value = json.decode(bytes);
    expectHarmless(value, bytes);
    return value;
  },
};

const item = () => undefined;

/** Makes the plain request of a handler. @throws PathError naming the field that cannot be read */
export function readRequest(schema: DescMessage, message: Message, int64: Int64): Record<string, unknown> {
  decodeBase64Fields(schema, message);
  return decodeMessage(schema, message, { payload: proxyPayload, int64, item });
}
