import { clone, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { releasePhrase } from "../generate/release.ts";
import { carryComments, droppedOptions } from "./carry-comments.ts";
import { commentLines, cutComments } from "./cut-comments.ts";
import { compare, type Difference, elementsOf } from "./elements.ts";
import type { SchemaFile } from "./schema-files.ts";
import type { SchemaModule } from "./schema-module.ts";
import type { FetchedSchemas } from "./source.ts";

/** A new schema that was written, and what is left to do about it. */
export interface WrittenSchema extends Difference {
  readonly schema: SchemaFile;
  readonly isChanged: boolean;
  /** Names of new elements, whose comments somebody has to write. */
  readonly toBeWritten: readonly string[];
  /** Lines of our comments that are gone, with their element or because they belonged to none. */
  readonly lost: readonly string[];
}

/**
 * Writes Centrifugo's new schemas with our comments into a module.
 *
 * @param release the one that the headers are to name; they stay as they are without it
 * @param ours a module with our schemas
 * @param next another one, for the new schemas
 * @throws UpgradeError for a schema that buf cannot read
 */
export async function writeSchemas(
  { name, texts }: FetchedSchemas,
  release: string | undefined,
  { ours, next }: { readonly ours: SchemaModule; readonly next: SchemaModule },
): Promise<WrittenSchema[]> {
  const schemas = [...texts.keys()];
  const before = schemas.map((schema) => ours.read(schema));
  for (const [index, schema] of schemas.entries()) {
    const text = before[index] ?? `syntax = "proto3"; package ${schema.packageName};`;
    const phrase = release === undefined ? "$&" : `as version ${release} speaks it`;
    ours.write(schema, text.replace(releasePhrase, phrase));
  }
  const ourFile = await ours.build("proto/");
  for (const [schema, text] of texts) next.write(schema, text);
  const theirFile = await next.build(name);
  for (const [schema, text] of texts) next.write(schema, cutComments(text));
  await next.format(name);
  const bareFile = await next.build(name);

  const written = schemas.map((schema) => {
    const [ourText = "", bare = ""] = [ours.read(schema), next.read(schema)];
    const ourElements = elementsOf(ourFile(schema), ourText);
    const theirElements = elementsOf(bareFile(schema), bare);
    const { text, toBeWritten } = carryComments(bare, bareFile(schema), ourElements, theirElements);
    next.write(schema, text);
    const kept = new Set(commentLines(text));
    const lost = commentLines(ourText).filter((line) => !kept.has(line));
    return { schema, ...compare(ourElements, theirElements), toBeWritten, lost };
  });
  await next.format(name);
  const newFile = await next.build(name);
  for (const schema of schemas) {
    if (!isSame(theirFile(schema).proto, newFile(schema).proto))
      throw new Error(`internal error: what was written to ${schema.path} is not the schema of ${name}`);
  }
  return written.map((one, index) => ({ ...one, isChanged: next.read(one.schema) !== before[index] }));
}

/** Whether two descriptors are the same to the byte, but for the source information and the options for other languages. */
export function isSame(one: FileDescriptorProto, other: FileDescriptorProto): boolean {
  const bytes = (file: FileDescriptorProto) => {
    const copy = clone(FileDescriptorProtoSchema, file);
    delete copy.sourceCodeInfo;
    if (copy.options !== undefined) {
      for (const option of droppedOptions) reflect(FileOptionsSchema, copy.options).clear(option);
      if (toBinary(FileOptionsSchema, copy.options).length === 0) delete copy.options;
    }
    return toBinary(FileDescriptorProtoSchema, copy);
  };
  return Buffer.compare(bytes(one), bytes(other)) === 0;
}
