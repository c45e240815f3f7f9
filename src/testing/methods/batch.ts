import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import { ApiError, badRequest, errorMessage, notFound } from "../brokers/api-error.ts";
import { runParallel } from "./parallel-order.ts";

/** The commands that were `null` in JSON. The server answers them differently from empty ones. */
export const nullCommands = new WeakSet<Message>();

/** If a command has several methods, the server runs the first in this order and ignores the others. */
const order = (
  "publish broadcast subscribe unsubscribe disconnect history historyRemove presence presenceStats info rpc refresh " +
  "channels mapPublish mapRemove mapReadState mapReadStream mapStats mapClear sharedPollPublish"
).split(" ");

/** Runs the commands of a batch. An error in one does not stop the others. */
export function runBatch(
  table: MethodTable,
  request: Message,
  execute: (method: Method, request: Message) => Message,
): Message {
  const run = (command: Message) => runCommand(table, command, execute);
  const { commands, parallel } = fieldsOf(request) as { commands: readonly Message[]; parallel?: boolean };
  const replies = parallel === true ? runParallel(commands, run) : commands.map(run);
  const response = create(table.batch.rpc.output);
  fieldsOf(response).replies = replies;
  return response;
}

function runCommand(
  table: MethodTable,
  command: Message,
  execute: (method: Method, request: Message) => Message,
): Message {
  const reply = create(table.reply);
  try {
    if (nullCommands.has(command)) throw badRequest();
    const method = methodOf(table, command);
    if (method === undefined) throw notFound();
    fieldsOf(reply)[method.name] = execute(method, fieldsOf(command)[method.name] as Message);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fieldsOf(reply).error = errorMessage(error);
  }
  return reply;
}

function methodOf({ methods }: MethodTable, command: Message): Method | undefined {
  const given = methods.filter(
    ({ name, command: field }) => field !== undefined && fieldsOf(command)[name] !== undefined,
  );
  const [first] = order.flatMap((name) => given.filter((method) => method.name === name));
  return first ?? given[0];
}
