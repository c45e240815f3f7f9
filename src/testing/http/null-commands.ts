import type { Message } from "@bufbuild/protobuf";
import { isFieldSet } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import type { MethodTable } from "../../schema/method-table.ts";
import { nullCommands } from "../methods/batch.ts";

/** Marks the `null` commands of a batch, because the server's error for them differs from that for `{}`. */
export function markNullCommands({ command: schema }: MethodTable, batch: Message, text: string): void {
  const commands = fieldsOf(batch).commands as readonly Message[];
  const isEmpty = commands.map((command) => !schema.fields.some((field) => isFieldSet(command, field)));
  if (!isEmpty.includes(true)) return;
  const root = JSON.parse(text) as Record<string, unknown>;
  const name = Object.keys(root).findLast((key) => key.toLowerCase() === "commands");
  const written = name === undefined ? [] : (root[name] as unknown[]);
  commands.forEach((command, index) => {
    if (written[index] === null) nullCommands.add(command);
  });
}
