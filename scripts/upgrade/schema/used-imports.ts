import type { DescFile } from "@bufbuild/protobuf";
import { messagesOf } from "./elements.ts";

/** The imported files of which something is used, sorted. */
export function usedImports(file: DescFile): string[] {
  const types = [
    ...file.services.flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output])),
    ...messagesOf(file).flatMap(({ fields }) => fields.map((field) => field.message ?? field.enum)),
  ];
  const names = new Set(types.flatMap((type) => (type === undefined ? [] : [type.file.proto.name])));
  names.delete(file.proto.name);
  return [...names].sort();
}
