import type { DescFile } from "@bufbuild/protobuf";
import { clone, create, equals, toBinary } from "@bufbuild/protobuf";
import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import {
  DescriptorProto_ReservedRangeSchema,
  EnumDescriptorProto_EnumReservedRangeSchema,
  FileDescriptorProtoSchema,
  FileOptionsSchema,
  MethodOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { mergeRanges } from "./reserved.ts";
import { usedImports } from "./used-imports.ts";

/**
 * Whether two schemas are the same to the last option: everything but comments, options for other languages, imports
 * that nothing uses, and how reserved numbers are written.
 */
export function sameDescriptor(one: DescFile, other: DescFile): boolean {
  return equals(FileDescriptorProtoSchema, essence(one), essence(other));
}

function essence(file: DescFile): FileDescriptorProto {
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  delete proto.sourceCodeInfo;
  delete proto.options;
  // The one option of a file that is not for another language.
  if (file.deprecated) proto.options = create(FileOptionsSchema, { deprecated: true });
  proto.dependency = usedImports(file);
  proto.messageType.forEach(tidyMessage);
  proto.enumType.forEach(tidyEnum);
  // `{}` behind an RPC gives it options, with nothing in them.
  for (const method of proto.service.flatMap((service) => service.method))
    if (method.options && toBinary(MethodOptionsSchema, method.options).length === 0) delete method.options;
  return proto;
}

function tidyMessage(message: DescriptorProto): void {
  const inclusive = message.reservedRange.map(({ start, end }) => ({ start, end: end - 1 }));
  message.reservedRange = mergeRanges(inclusive).map(({ start, end }) =>
    create(DescriptorProto_ReservedRangeSchema, { start, end: end + 1 }),
  );
  message.reservedName.sort();
  message.nestedType.forEach(tidyMessage);
  message.enumType.forEach(tidyEnum);
}

function tidyEnum(type: EnumDescriptorProto): void {
  type.reservedRange = mergeRanges(type.reservedRange).map((range) =>
    create(EnumDescriptorProto_EnumReservedRangeSchema, range),
  );
  type.reservedName.sort();
}
