import { compareSchemas } from "./compare/compare-schemas.ts";
import { formatSchema } from "./print/format-schema.ts";
import type { Schema } from "./schema/read-schema.ts";
import { readSchema } from "./schema/read-schema.ts";
import { sameDescriptor } from "./schema/same-descriptor.ts";

/**
 * The text of a schema as `buf format` writes it, after making sure that it says exactly what the source says.
 *
 * @throws Error where it does not: that is a bug of the printer
 */
export async function verifiedText(
  text: string,
  source: Schema,
  building: { folder: string; signal: AbortSignal },
): Promise<string> {
  const formatted = await formatSchema(text, building);
  const written = await readSchema(formatted, "the schema that was written", building);
  if (sameDescriptor(written.file, source.file)) return formatted;
  const differences = compareSchemas(source.file, written.file).map(
    ({ kind, element, name, detail = "" }) => `${element} ${name} ${kind} ${detail}`,
  );
  throw new Error(
    `internal error: what was written is not what was read: ${differences.join("; ") || "the order differs"}`,
  );
}
