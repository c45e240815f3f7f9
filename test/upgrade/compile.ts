import { execFileSync } from "node:child_process";
import { createFileRegistry, type DescFile, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { folderWith } from "./folder-with.ts";

const path = "centrifugal/centrifugo/api/api.proto";

/** Compiles a schema, with source information. */
export function compileFile(text: string): DescFile {
  using folder = folderWith({ [path]: text });
  const image = execFileSync("buf", ["build", folder.path, "--as-file-descriptor-set", "--output", "-"]);
  const file = createFileRegistry(fromBinary(FileDescriptorSetSchema, image)).getFile(path);
  if (file === undefined) throw new Error(`buf built no ${path}`);
  return file;
}

/** A schema as `buf format` writes it. */
export function formatted(text: string): string {
  using folder = folderWith({ [path]: text });
  return execFileSync("buf", ["format"], { cwd: folder.path, encoding: "utf8" });
}
