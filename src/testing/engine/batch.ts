import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type {
  BatchRequest,
  BatchResponse,
  Command,
  Reply,
} from "../../../gen/centrifugal/centrifugo/api/api_pb.ts";
import { BatchResponseSchema, ReplySchema } from "../../../gen/centrifugal/centrifugo/api/api_pb.ts";
import { fieldsOf } from "../../message-fields.ts";
import { ApiError, badRequest, errorMessage, notFound } from "./api-error.ts";
import { runParallel } from "./parallel-order.ts";

/** The commands that were `null` in JSON, which the server tells from empty ones. */
export const nullCommands = new WeakSet<Command>();

/** Where a command names more than one method, the first of these is run, and the others are passed over. */
const order = (
  "publish broadcast subscribe unsubscribe disconnect history historyRemove presence presenceStats info rpc refresh " +
  "channels mapPublish mapRemove mapReadState mapReadStream mapStats mapClear sharedPollPublish"
).split(" ");

/** Runs the commands of a batch, each to its own reply. An error in one does not stop the others. */
export function runBatch(
  request: BatchRequest,
  execute: (method: string, request: Message) => Message,
): BatchResponse {
  const run = (command: Command) => runCommand(command, execute);
  const replies = request.parallel ? runParallel(request.commands, run) : request.commands.map(run);
  return create(BatchResponseSchema, { replies });
}

function runCommand(command: Command, execute: (method: string, request: Message) => Message): Reply {
  const reply = create(ReplySchema);
  try {
    if (nullCommands.has(command)) throw badRequest();
    const requests = fieldsOf(command) as Record<string, Message | undefined>;
    const method = order.find((name) => requests[name] !== undefined);
    const request = method === undefined ? undefined : requests[method];
    if (method === undefined || request === undefined) throw notFound();
    fieldsOf(reply)[method] = execute(method, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fieldsOf(reply).error = errorMessage(error);
  }
  return reply;
}
