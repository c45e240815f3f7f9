import type { Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CentrifugoApi } from "../../gen/centrifugal/centrifugo/api/api_pb.ts";
import type { Method, MethodTable } from "../methods.ts";
import { methodTable } from "../methods.ts";
import { notFound } from "./engine/api-error.ts";
import { resultSchema } from "./test-methods.ts";

const dropUnknown = { writeUnknownFields: false };

/**
 * Runs a method of the engine, which has the messages of this package, for a server with another schema's. What the
 * other does not know is dropped.
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
