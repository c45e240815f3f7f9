import type { DescField } from "@bufbuild/protobuf";

/** A field's name in proto3 JSON, where the schema sets one; undefined where it follows from the field's name. */
export function customJsonName({ name, jsonName }: DescField): string | undefined {
  const usual = name.replaceAll(/_+(.?)/g, (_underscores, letter: string) => letter.toUpperCase());
  return jsonName === usual ? undefined : jsonName;
}
