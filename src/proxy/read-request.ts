import type { DescMessage, Message } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { decodeMessage } from "../codec/decode-message.ts";
import type { Int64 } from "../codec/integers.ts";
import { base64Sibling, fieldsOf } from "../codec/message-fields.ts";
import { PathError } from "../codec/path-error.ts";
import { perDescriptor } from "../schema/per-descriptor.ts";
import { proxyPayload } from "./proxy-payload.ts";

const noItems = () => undefined;

/**
 * Makes the plain request of a handler. Binary data comes in `b64…` fields, and is bytes or JSON for the handler.
 *
 * @throws PathError naming the field that cannot be read
 */
export function readRequest(schema: DescMessage, message: Message, int64: Int64): Record<string, unknown> {
  const fields = fieldsOf(message);
  for (const { plain, base64 } of base64Fields(schema)) {
    if (fields[base64] !== "") fields[plain] = bytesOf(fields[base64] as string, base64);
  }
  return decodeMessage(schema, message, { payload: proxyPayload, int64, item: noItems });
}

const base64Fields = perDescriptor(({ fields }: DescMessage) =>
  fields.flatMap((field) => {
    const sibling = base64Sibling(field);
    return sibling === undefined ? [] : [{ plain: field.localName, base64: sibling.localName }];
  }),
);

function bytesOf(text: string, name: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch (cause) {
    throw new PathError("is not base64", { cause, path: name });
  }
}
