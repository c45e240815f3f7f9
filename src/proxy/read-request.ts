import type { DescMessage, Message } from "@bufbuild/protobuf";
import { decodeBase64Fields } from "../codec/base64-fields.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import type { ProxyCore } from "./proxy-core.ts";

const item = () => undefined;

/** Makes the plain request of a handler. @throws PathError naming the field that cannot be read */
export function readRequest(
  schema: DescMessage,
  message: Message,
  { int64, payload }: Pick<ProxyCore, "int64" | "payload">,
): Record<string, unknown> {
  decodeBase64Fields(schema, message);
  return decodeMessage(schema, message, { payload, int64, item });
}
