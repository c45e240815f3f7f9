// The entries of protobuf-es that tscent imports.
import "./cpu.mjs";
import "@bufbuild/protobuf/codegenv2";
import "@bufbuild/protobuf/reflect";
import "@bufbuild/protobuf/wire";
