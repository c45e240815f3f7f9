import type { AnyDesc, DescField, DescMessage } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  FieldOptionsSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofOptionsSchema,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { quote } from "./quote.ts";

/** An option as a schema sets it: `deprecated` and `true`. */
export interface OptionSetting {
  readonly name: string;
  /** What stands behind the `=`; undefined for an option that this cannot write: a custom one, or a message. */
  readonly value: string | undefined;
}

const schemas: readonly DescMessage[] = [
  FileOptionsSchema,
  ServiceOptionsSchema,
  MethodOptionsSchema,
  MessageOptionsSchema,
  FieldOptionsSchema,
  OneofOptionsSchema,
  EnumOptionsSchema,
  EnumValueOptionsSchema,
];

/** Options of a file that only generators for other languages look at. */
const otherLanguages =
  /^(?:go_package|java_\w+|csharp_\w+|objc_\w+|swift_\w+|php_\w+|ruby_\w+|cc_\w+|py_\w+|optimize_for)$/;

/** The options that are set on an element, in the order of their numbers, and the custom ones after them. */
export function optionSettings({ proto }: AnyDesc): OptionSetting[] {
  const { options } = proto;
  const schema = schemas.find(({ typeName }) => typeName === options?.$typeName);
  if (options === undefined || schema === undefined) return [];
  const values = reflect(schema, options);
  const known = values.sortedFields
    .filter((field) => values.isSet(field) && !isDropped(field))
    .map((field) => ({ name: field.name, value: valueText(field, values.get(field)) }));
  const custom = (options.$unknown ?? []).map(({ no }) => ({
    name: `custom option ${no}`,
    value: undefined,
  }));
  return [...known, ...custom];
}

function isDropped(option: DescField): boolean {
  return option.parent.typeName === FileOptionsSchema.typeName && otherLanguages.test(option.name);
}

function valueText(option: DescField, value: unknown): string | undefined {
  if (option.fieldKind === "enum") return option.enum.value[Number(value)]?.name;
  if (option.fieldKind !== "scalar") return undefined;
  return typeof value === "string" ? quote(value) : String(value);
}
