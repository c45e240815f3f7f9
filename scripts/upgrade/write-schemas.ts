import { clone, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { carryComments, droppedOptions } from "./carry-comments.ts";
import { compare, type Difference } from "./compare.ts";
import { commentLines, cutComments } from "./cut-comments.ts";
import { elementsOf } from "./elements.ts";
import { withRelease } from "./release-line.ts";
import type { SchemaFile } from "./schema-files.ts";
import type { SchemaModule } from "./schema-module.ts";
import type { FetchedSchemas } from "./source.ts";
import { UpgradeError } from "./upgrade-error.ts";

/** A new schema that was written, and what is left to do about it. */
export interface WrittenSchema {
  readonly difference: Difference;
  readonly isChanged: boolean;
  /** Names of new elements, whose comments somebody has to write. */
  readonly toBeWritten: readonly string[];
  /** Lines of our comments that are gone, with their element or because they belonged to none. */
  readonly lost: readonly string[];
}

/**
 * Writes Centrifugo's new schemas with our comments into a module.
 *
 * @param ours a module with our schemas
 * @param next another one, for the new schemas
 * @throws UpgradeError for a schema that is not Centrifugo's
 */
export async function writeSchemas(
  { name, release, texts }: FetchedSchemas,
  { ours, next }: { readonly ours: SchemaModule; readonly next: SchemaModule },
): Promise<WrittenSchema[]> {
  const schemas = [...texts.keys()];
  const before = new Map(schemas.map((schema) => [schema, ours.read(schema)]));
  for (const [schema, text] of before) if (text !== undefined) ours.write(schema, withRelease(text, release));
  const ourFiles = await ours.build("proto/");

  for (const [schema, text] of texts) next.write(schema, text);
  const theirFiles = await next.build(name);
  for (const schema of schemas) requireCentrifugo(schema, theirFiles.get(schema), name);
  for (const [schema, text] of texts) next.write(schema, cutComments(text));
  await next.format(name);
  const bareFiles = await next.build(name);

  const commented = schemas.map((schema) => {
    const [ourText = "", bare = ""] = [ours.read(schema), next.read(schema)];
    const [ourFile, bareFile] = [ourFiles.get(schema), get(bareFiles, schema)];
    const elements = {
      ours: ourFile === undefined ? [] : elementsOf(ourFile, ourText),
      theirs: elementsOf(bareFile, bare),
    };
    const { text, toBeWritten } = carryComments(bare, bareFile, elements);
    next.write(schema, text);
    const kept = new Set(commentLines(text));
    const lost = commentLines(ourText).filter((line) => !kept.has(line));
    return { schema, difference: compare(schema, elements.ours, elements.theirs), toBeWritten, lost };
  });
  await next.format(name);
  const files = await next.build(name);
  for (const schema of schemas) {
    if (!isSame(get(theirFiles, schema), get(files, schema)))
      throw new Error(`internal error: what was written to ${schema.path} is not the schema of ${name}`);
  }
  return commented.map(({ schema, ...written }) => ({
    ...written,
    isChanged: next.read(schema) !== before.get(schema),
  }));
}

function get(files: ReadonlyMap<SchemaFile, FileDescriptorProto>, schema: SchemaFile): FileDescriptorProto {
  const file = files.get(schema);
  if (file === undefined) throw new Error(`internal error: buf built no ${schema.path}`);
  return file;
}

function requireCentrifugo(schema: SchemaFile, file: FileDescriptorProto | undefined, name: string): void {
  if (file?.service.some((service) => service.name === schema.service)) return;
  const expected = `${schema.packageName}.${schema.service}`;
  throw new UpgradeError(`${name} is no schema of Centrifugo: expected the service ${expected}`);
}

/** Whether two descriptors are the same to the byte, but for the source information and the options for other languages. */
function isSame(one: FileDescriptorProto, other: FileDescriptorProto): boolean {
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
