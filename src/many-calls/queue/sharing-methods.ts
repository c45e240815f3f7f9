import type { DescMessage } from "@bufbuild/protobuf";
import { hasErrorOrResult } from "../../schema/error-or-result.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import { ScalarType } from "../../schema/scalar-type.ts";

/**
 * The methods whose calls can be commands of one batch.
 *
 * @param jsonReplies whether data that is not JSON fails a whole reply, as over HTTP: methods that return data go alone then
 */
export function sharingMethods(table: MethodTable, jsonReplies: boolean): ReadonlySet<Method> {
  return new Set(table.methods.filter((method) => canShare(table, method, jsonReplies)));
}

function canShare({ reply }: MethodTable, { name, command, rpc }: Method, jsonReplies: boolean): boolean {
  const { output } = rpc;
  const result = reply.field[name]?.message;
  if (command === undefined || result === undefined || !hasErrorOrResult(output)) return false;
  // A reply is read like a response, so its parts must have the same types.
  if (result !== output.field.result?.message) return false;
  if (reply.field.error?.message !== output.field.error?.message) return false;
  return !jsonReplies || !holdsBytes(result);
}

function holdsBytes(schema: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return schema.fields.some(({ scalar, message }) =>
    message === undefined ? scalar === ScalarType.BYTES : holdsBytes(message, seen),
  );
}
