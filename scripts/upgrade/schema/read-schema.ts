import { statSync } from "node:fs";
import { join } from "node:path";
import type { DescFile } from "@bufbuild/protobuf";
import type { MethodTable } from "../../../src/schema/method-table.ts";
import { maxBytes, readSchemaFile } from "../source/read-file.ts";
import { UpgradeError } from "../upgrade-error.ts";
import { buildSchema, schemaPath } from "./build-schema.ts";
import type { Locations } from "./locations.ts";
import { locationsOf } from "./locations.ts";
import { requireCentrifugo } from "./require-centrifugo.ts";

/** A schema of Centrifugo's server API, compiled. */
export interface Schema extends Locations {
  readonly text: string;
  readonly file: DescFile;
  readonly table: MethodTable;
}

/** Where the schema is in the project. */
export const projectSchema = `proto/${schemaPath}`;

interface BuildOptions {
  /** A temporary folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Compiles a schema, and makes sure that it is Centrifugo's. */
export async function readSchema(text: string, name: string, options: BuildOptions): Promise<Schema> {
  const file = await buildSchema(text, { name, ...options });
  return { text, file, table: requireCentrifugo(file, name), ...locationsOf(file) };
}

/** The schema that a project has now. */
export async function readProjectSchema(project: string, options: BuildOptions): Promise<Schema> {
  const path = join(project, projectSchema);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new UpgradeError(`${project} has no ${projectSchema}; run the upgrade in the project's folder`);
  const text = readSchemaFile(path, projectSchema, maxBytes);
  return readSchema(text, projectSchema, options);
}
