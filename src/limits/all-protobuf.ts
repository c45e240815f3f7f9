// The binary format, from protobuf-es's main entry. The other entries that tscent uses are here for esbuild: in a bundle of one
// file it leaves modules of protobuf-es uninitialized, unless the file that is loaded on demand has their entries, too.
export { fromBinary, toBinary } from "@bufbuild/protobuf";
export { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
export { isScalarZeroValue, protoCamelCase, reflect, scalarZeroValue } from "@bufbuild/protobuf/reflect";
export { BinaryReader, base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
