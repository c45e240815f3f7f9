import type { DescMessage, Message } from "@bufbuild/protobuf";
import { methodOf } from "../codec/command-method.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { errorUnder, PathError } from "../codec/path-error.ts";
import { hasError, hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import type { Item } from "./items.ts";
import type { Reply } from "./reply.ts";
import type { WalkedItem, WalkOptions } from "./reply-walk.ts";
import { ReplyWalk } from "./reply-walk.ts";

interface Command {
  readonly method: Method;
  readonly message: Message;
}

/** Makes results of responses, by the client's options. */
export interface Walker {
  /**
   * The result in a response. The parts of a `batch` or `broadcast` response become items.
   *
   * @param request the sent message: each of its commands or channels must have an item
   * @throws CentApiResponseError for an error in the response, CentDecodeError for an incomplete response
   */
  result(method: Method, request: Message, reply: Reply): object;
  /** One item for each command of a batch, the same as if the command had been sent alone. */
  replies(commands: readonly Command[], reply: Reply): WalkedItem[];
  /** One item for each channel of a broadcast. If the whole broadcast failed, each item has its own error object. */
  channels(method: Method, request: Message, reply: Reply): readonly WalkedItem[];
}

export function createWalker(table: MethodTable, options: WalkOptions): Walker {
  const walkAlone = (walk: ReplyWalk, request: Message, response: Message): object => {
    const { output } = walk.method.rpc;
    const { error } = fieldsOf(response);
    if (hasErrorOrResult(output)) {
      const item = walk.walk(output, response, "result");
      if (!item.ok) throw item.error;
      checkChannels(walk.method, request, item.result);
      options.checks?.read(walk.method, request, item.result);
      return item.result;
    }
    // The response of an RPC outside batches may be the result itself, without a `result` field.
    if (hasError(output) && error !== undefined) throw walk.apiError(error);
    return walk.result(output, response);
  };

  const walkReply = (walk: ReplyWalk, request: Message, reply: Message, shown: string): Item<object> => {
    walk.request = request;
    const item = walk.walk(table.reply, reply, walk.method.name, shown);
    if (!item.ok) return item;
    checkChannels(walk.method, request, item.result);
    try {
      options.checks?.read(walk.method, request, item.result);
    } catch (thrown) {
      throw errorUnder(shown, thrown);
    }
    return item;
  };

  /** Gives the walk for a method. Consecutive commands usually share a method, and so a walk. */
  const walksIn = (reply: Reply) => {
    let last: ReplyWalk | undefined;
    return (method: Method, request: Message): ReplyWalk => {
      if (last?.method !== method) last = new ReplyWalk(options, method, request, reply);
      return last;
    };
  };

  const walkBatch = (request: Message, reply: Reply): object => {
    const commands = listIn(request, "commands");
    const replies = listIn(reply.message, "replies");
    checkCount("replies", replies, commands.length);
    const walkFor = walksIn(reply);
    const items = commands.map((command, index) => {
      try {
        const method = methodOf(table, command);
        if (method === undefined) throw new PathError("the command of this reply has no method");
        const message = fieldsOf(command)[method.name] as Message;
        return walkReply(walkFor(method, message), message, replies[index] as Message, method.name);
      } catch (thrown) {
        throw errorUnder(`replies[${index}]`, thrown);
      }
    });
    return { replies: items };
  };

  return {
    result(method, request, reply) {
      const walk = new ReplyWalk(options, method, request, reply);
      try {
        return method === table.batch ? walkBatch(request, reply) : walkAlone(walk, request, reply.message);
      } catch (thrown) {
        throw walk.errorFor(thrown);
      } finally {
        reply.release?.();
      }
    },
    replies(commands, reply) {
      const replies = listIn(reply.message, "replies");
      const walkFor = walksIn(reply);
      const items = commands.map(({ method, message }, index) => {
        const walk = walkFor(method, message);
        try {
          checkCount("replies", replies, commands.length);
          return walkReply(walk, message, replies[index] as Message, "result");
        } catch (thrown) {
          return walk.failedItem(thrown);
        }
      });
      reply.release?.();
      return items;
    },
    channels(method, request, reply) {
      const { error, result } = fieldsOf(reply.message);
      const responses = result === undefined ? [] : listIn(result as Message, "responses");
      const schema = method.rpc.output.field.result?.message?.field.responses?.message;
      const walk = new ReplyWalk(options, method, request, reply);
      const items = listIn(request, "channels").map((_, index, { length }) => {
        try {
          if (error !== undefined) throw walk.apiError(error, index);
          checkCount("responses", responses, length);
          return walk.walk(schema as DescMessage, responses[index] as Message, "result", "result", index);
        } catch (thrown) {
          return walk.failedItem(thrown);
        }
      });
      reply.release?.();
      return items;
    },
  };
}

/** Responses belong to channels by position, so a list of another length would mix them up. */
function checkChannels({ name }: Method, request: Message, result: object): void {
  if (name !== "broadcast") return;
  const { channels } = fieldsOf(request);
  const { responses } = result as { responses?: unknown };
  if (Array.isArray(channels) && Array.isArray(responses))
    checkCount("responses", responses, channels.length);
}

function checkCount(name: string, list: readonly unknown[], count: number): void {
  if (list.length === count) return;
  throw new PathError(`expected ${count} ${name}, got ${list.length}`, { path: name });
}

const listIn = (message: Message, name: string) => (fieldsOf(message)[name] ?? []) as readonly Message[];
