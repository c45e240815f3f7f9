import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DescFile } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buildSchema } from "../../scripts/upgrade/schema/build-schema.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";

/** Compiles the rest of a schema: its syntax and package are put before it. */
export function compile(rest: string): Promise<DescFile> {
  return compileFile(`syntax = "proto3";\npackage centrifugal.centrifugo.api;\n${rest}`);
}

/** Compiles a whole schema. */
export async function compileFile(text: string): Promise<DescFile> {
  using work = temporaryFolder();
  return await buildSchema(text, {
    name: "schema of the test",
    folder: work.path,
    signal: new AbortController().signal,
  });
}

/** Compiles many schemas at once, each in a package of its own that is put before it. */
export function compileAll(schemas: readonly string[]): DescFile[] {
  using work = temporaryFolder();
  const name = (index: number) => `schema${index}.proto`;
  schemas.forEach((rest, index) => {
    writeFileSync(join(work.path, name(index)), `syntax = "proto3";\npackage schema${index};\n${rest}`);
  });
  const image = execFileSync("buf", ["build", work.path, "--as-file-descriptor-set", "--output", "-"]);
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  return schemas.map((_rest, index) => {
    const file = registry.getFile(name(index));
    if (file === undefined) throw new Error(`buf built no ${name(index)}`);
    return file;
  });
}
