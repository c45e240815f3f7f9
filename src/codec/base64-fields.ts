import type { DescMessage, Message } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { perDescriptor } from "../schema/per-descriptor.ts";
import { base64Sibling, fieldsOf } from "./message-fields.ts";
import { PathError } from "./path-error.ts";

/** Puts the bytes of base64 fields into their siblings: of `b64data` into `data`. @throws PathError for other text */
export function decodeBase64Fields(schema: DescMessage, message: Message): void {
  const fields = fieldsOf(message);
  for (const { plain, base64 } of base64Fields(schema)) {
    if (fields[base64] === "") continue;
    try {
      fields[plain] = base64Decode(fields[base64] as string);
    } catch (cause) {
      throw new PathError("is not base64", { cause, path: base64 });
    }
  }
}

const base64Fields = perDescriptor(({ fields }: DescMessage) =>
  fields.flatMap((field) => {
    const sibling = base64Sibling(field);
    return sibling === undefined ? [] : [{ plain: field.localName, base64: sibling.localName }];
  }),
);
