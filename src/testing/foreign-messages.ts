import type { Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CentrifugoApi } from "#api";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import { notFound } from "./brokers/api-error.ts";
import { resultSchema } from "./test-methods.ts";

const dropUnknown = { writeUnknownFields: false };

/**
 * Runs an engine method for a server with another schema. Converts the request to this package's message, and the result
 * back. Drops the fields that only one of the schemas has.
 */
export function runForeign(
  table: MethodTable,
  method: Method,
  request: Message,
  execute: (name: string, request: Message) => Message,
): Message {
  const ours = methodTable(CentrifugoApi);
  if (table === ours) return execute(method.name, request);
  const known = ours.byName(method.name);
  if (known === undefined) throw notFound();
  const translated = fromBinary(known.rpc.input, toBinary(method.rpc.input, request, dropUnknown));
  const result = execute(method.name, translated);
  return fromBinary(resultSchema(table, method), toBinary(resultSchema(ours, known), result, dropUnknown));
}
