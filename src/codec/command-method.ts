import type { Message } from "@bufbuild/protobuf";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { fieldsOf } from "./message-fields.ts";

/** The method of a command: the only one of its dozens of fields that is set. */
export function methodOf(table: MethodTable, command: Message): Method | undefined {
  const fields = fieldsOf(command);
  for (const name in fields) {
    const method = table.byName(name);
    if (method?.command !== undefined && fields[name] !== undefined) return method;
  }
  return undefined;
}
