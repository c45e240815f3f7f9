import type { DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { hasErrorOrResult } from "../../schema/error-or-result.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import { isRepeatable } from "../../schema/repeatable-reads.ts";

/**
 * What a command can share a request with:
 * - together: the others of this kind
 * - repeatable: the others of this kind, and when the request fails for the sake of one, each is sent again
 * - alone: nothing
 * - again: nothing any more, as it was in one that was not executed
 */
export type BatchKind = "together" | "repeatable" | "alone" | "again";

/**
 * The kinds of a service's methods.
 *
 * @param jsonReplies whether a payload that is not JSON fails the reply that it is in, as over HTTP
 */
export function batchKinds(table: MethodTable, jsonReplies: boolean): (method: Method) => BatchKind {
  const kinds = new Map(table.methods.map((method) => [method, kindOf(table, method, jsonReplies)]));
  return (method) => kinds.get(method) ?? "alone";
}

function kindOf({ reply }: MethodTable, { name, command, rpc }: Method, jsonReplies: boolean): BatchKind {
  const { output } = rpc;
  const result = reply.field[name]?.message;
  if (command === undefined || result === undefined || !hasErrorOrResult(output)) return "alone";
  // What comes out of a batch is put into the response of the method, so it must fit in.
  if (result !== output.field.result?.message || reply.field.error?.message !== output.field.error?.message)
    return "alone";
  if (!jsonReplies || !holdsBytes(result)) return "together";
  return isRepeatable(name) ? "repeatable" : "alone";
}

function holdsBytes(schema: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return schema.fields.some(({ scalar, message }) =>
    message === undefined ? scalar === ScalarType.BYTES : holdsBytes(message, seen),
  );
}
