import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { hasErrorOrResult } from "./error-or-result.ts";
import type { Method } from "./method-table.ts";

/** The pages of a stream: each request continues after an offset. */
export interface StreamForm {
  readonly by: "position";
  /** The list in the result. */
  readonly list: string;
  /** Whether the position is one field, `since`, and not the fields `sinceOffset` and `sinceEpoch`. */
  readonly isNested: boolean;
  /** The names of the request's fields. */
  readonly fields: readonly string[];
}

/** The pages of a list: each request continues at the cursor of the page before. */
export interface CursorForm {
  readonly by: "cursor";
  readonly list: string;
  /** The field of the result with the next cursor. */
  readonly nextCursor: string;
  /** Whether requests may say which revision of a map they continue. */
  readonly hasRevision: boolean;
  readonly fields: readonly string[];
}

export type PagingForm = StreamForm | CursorForm;

/** How the pages of a method follow each other, by its fields; undefined if it has no pages. */
export function pagingForm({ rpc: { input, output } }: Method): PagingForm | undefined {
  const result = hasErrorOrResult(output) ? output.field.result?.message : output;
  const lists = result?.fields.filter(isListOfMessages) ?? [];
  const [list] = lists;
  if (result === undefined || list === undefined || lists.length > 1) return undefined;
  if (!hasFields(input, "limit")) return undefined;
  const common = { list: list.localName, fields: input.members.map(({ localName }) => localName) };
  const hasPositions = hasFields(result, "offset", "epoch");
  const isNested = hasFields(input.field.since?.message, "offset", "epoch");
  if (hasPositions && hasFields(list.message, "offset"))
    if (isNested || hasFields(input, "sinceOffset", "sinceEpoch"))
      return { by: "position", isNested, ...common };
  const nextCursor = ["nextCursor", "cursor"].find((name) => hasFields(result, name));
  if (nextCursor === undefined || !hasFields(input, "cursor")) return undefined;
  const hasRevision = hasPositions && hasFields(input, "revisionOffset", "revisionEpoch");
  return { by: "cursor", nextCursor, hasRevision, ...common };
}

const isListOfMessages = (field: DescField): field is DescField & { message: DescMessage } =>
  field.fieldKind === "list" && field.listKind === "message";

function hasFields(message: DescMessage | undefined, ...names: readonly string[]): boolean {
  return message !== undefined && names.every((name) => message.field[name] !== undefined);
}
