/**
 * A schema of zod, valibot, arktype or any other library that implements Standard Schema, version 1. Only the part that this
 * package uses is declared.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaOutcome<Output> | Promise<SchemaOutcome<Output>>;
    /** Exists in types only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The answer of a schema about a value: its output, or the issues. */
export type SchemaOutcome<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A schema's complaint about one place in a value. Libraries add properties of their own. */
export interface SchemaIssue {
  readonly message: string;
  /** The place: property names and indexes, or objects that hold them. Undefined for the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The types of a schema's data: `input` is the one that it takes, `output` the one that it gives, with transforms and defaults. */
export type TypesOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>;
