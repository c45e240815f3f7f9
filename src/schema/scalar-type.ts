import type { ScalarType as Enum } from "@bufbuild/protobuf";

/** The enum of protobuf-es, without the entry that has it, whose other modules cost a quarter of the import of tscent. */
export const ScalarType: { readonly [Name in keyof typeof Enum]: (typeof Enum)[Name] } = {
  DOUBLE: 1,
  FLOAT: 2,
  INT64: 3,
  UINT64: 4,
  INT32: 5,
  FIXED64: 6,
  FIXED32: 7,
  BOOL: 8,
  STRING: 9,
  BYTES: 12,
  UINT32: 13,
  SFIXED32: 15,
  SFIXED64: 16,
  SINT32: 17,
  SINT64: 18,
};
export type ScalarType = Enum;
