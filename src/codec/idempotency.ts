import type { Message } from "@bufbuild/protobuf";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { isRead } from "../schema/reads.ts";
import { ScalarType } from "../schema/scalar-type.ts";
import { methodOf } from "./command-method.ts";
import { fieldsOf } from "./message-fields.ts";

/** Whether a request can be executed twice without harm: a read, one with an idempotency key, or a batch of only these. */
export function isRepeatable(table: MethodTable, method: Method, request: Message): boolean {
  if (isRead(method)) return true;
  const { idempotencyKey } = fieldsOf(request);
  if (hasKeyField(method)) return idempotencyKey !== "";
  if (method !== table.batch) return false;
  return commandsIn(table, method, request).every((part) => isRepeatable(table, ...part));
}

/**
 * Adds an idempotency key to a request, and to each command of a batch, if it can have one and has none. A UUID has no
 * `_`, which Centrifugo puts between channel and key.
 */
export function addIdempotencyKeys(table: MethodTable, method: Method, request: Message): void {
  const fields = fieldsOf(request);
  if (hasKeyField(method)) {
    const { channels = [] } = fields as { channels?: readonly string[] };
    // A channel listed twice in a broadcast gets the data twice. With a key it would get the data once.
    const repeats = new Set(channels).size < channels.length;
    if (fields.idempotencyKey === "" && !repeats) fields.idempotencyKey = crypto.randomUUID();
  }
  for (const part of commandsIn(table, method, request)) addIdempotencyKeys(table, ...part);
}

/** Clears `suppressed` in the reply to a retry: the idempotency key suppressed only the second execution. */
export function asFirstReply(table: MethodTable, reply: Message): void {
  const { result, replies = [] } = fieldsOf(reply) as { result?: Message; replies?: readonly Message[] };
  const results = replies.flatMap((one) => {
    const method = methodOf(table, one);
    return method === undefined ? [] : [fieldsOf(one)[method.name] as Message];
  });
  for (const one of result === undefined ? results : [result, ...results]) {
    const fields = fieldsOf(one);
    if (fields.suppressed === true && fields.suppressReason === "idempotency") {
      fields.suppressed = false;
      fields.suppressReason = "";
    }
  }
}

function hasKeyField({ rpc: { input } }: Method): boolean {
  const { idempotencyKey } = input.field;
  return idempotencyKey?.fieldKind === "scalar" && idempotencyKey.scalar === ScalarType.STRING;
}

function commandsIn(table: MethodTable, method: Method, request: Message): [Method, Message][] {
  if (method !== table.batch) return [];
  const { commands } = fieldsOf(request) as { commands: readonly Message[] };
  return commands.flatMap((command): [Method, Message][] => {
    const named = methodOf(table, command);
    return named === undefined ? [] : [[named, fieldsOf(command)[named.name] as Message]];
  });
}
