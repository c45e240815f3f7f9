import type { Message } from "@bufbuild/protobuf";
import { isFieldSet, isMessage } from "@bufbuild/protobuf";
import { BatchRequestSchema, CommandSchema } from "../../../gen/centrifugal/centrifugo/api/api_pb.ts";
import { nullCommands } from "../engine/batch.ts";

/** Marks the commands of a batch that were `null` in its JSON: the server's error for them is another one. */
export function markNullCommands(message: Message, text: string): void {
  if (!isMessage(message, BatchRequestSchema)) return;
  const isEmpty = message.commands.map(
    (command) => !CommandSchema.fields.some((field) => isFieldSet(command, field)),
  );
  if (!isEmpty.includes(true)) return;
  const root = JSON.parse(text) as Record<string, unknown>;
  const name = Object.keys(root).findLast((key) => key.toLowerCase() === "commands");
  const written = name === undefined ? [] : (root[name] as unknown[]);
  message.commands.forEach((command, index) => {
    if (written[index] === null) nullCommands.add(command);
  });
}
