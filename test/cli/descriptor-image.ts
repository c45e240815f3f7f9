import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone, create, toBinary } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll } from "vitest";
import { CentrifugoApi } from "#api";

/** Is removed when the file of tests has run. */
export const folder = mkdtempSync(join(tmpdir(), "descriptor-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** A file with what `buf build -o` writes for our schema after a change. */
export function image(change: (schema: FileDescriptorProto) => void = () => {}): string {
  const schema = clone(FileDescriptorProtoSchema, CentrifugoApi.file.proto);
  change(schema);
  return written(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [schema] })));
}

export function written(content: Uint8Array | string): string {
  const file = join(folder, `${files++}.binpb`);
  writeFileSync(file, content);
  return file;
}

/** A schema with a method more, which no batch can carry, and one less. */
export function newer(schema: FileDescriptorProto): void {
  const [service] = schema.service;
  const history = service?.method.find(({ name }) => name === "History");
  if (service === undefined || history === undefined) throw new Error("our schema has no History");
  service.method = service.method.filter(({ name }) => name !== "CancelPush");
  service.method.push({ ...history, name: "HTTPStats" });
}
