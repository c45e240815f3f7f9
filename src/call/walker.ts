import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ResultOptions } from "../codec/decode-message.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { errorUnder, PathError } from "../codec/path-error.ts";
import type { CentError } from "../errors/cent-error.ts";
import { CentApiResponseError, CentDecodeError } from "../errors/cent-error.ts";
import { hasError, hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { perDescriptor } from "../schema/per-descriptor.ts";
import { inReply } from "../transport/transport-failure.ts";
import type { Item } from "./items.ts";

/** The item of one part of a request. Its error is the server's, or says that the response is not whole. */
export type WalkedItem = Item<object> | { readonly ok: false; readonly error: CentError };

/** Walks responses to results, as the client was asked to give them. */
export interface Walker {
  /**
   * The result in a response. Where it carries several, as the responses of batch and broadcast do, each is an item.
   *
   * @param request the message that was sent: there must be as many items as commands, or channels
   * @throws CentApiResponseError for the error in the response, and CentDecodeError for a response that is not whole
   */
  result(method: Method, request: Message, response: Message): object;
  /** The items of the commands of a batch, each as in the response to a request of its own. */
  replies(commands: readonly { method: Method; message: Message }[], response: Message): WalkedItem[];
  /** The items of the channels of a broadcast. Where all of it failed, each has an error of its own. */
  channels(method: Method, request: Message, response: Message): readonly WalkedItem[];
}

export function createWalker(table: MethodTable, results: Omit<ResultOptions, "item">): Walker {
  /** Within a result, too, a message that has an error or a result becomes an item. Its error names the method. */
  const optionsFor = perDescriptor(
    (method: Method): ResultOptions => ({
      ...results,
      item: (schema) =>
        hasErrorOrResult(schema) ? (message) => walkItem(method, schema, message, "result") : undefined,
    }),
  );

  /** The item of a message that has an `error`, or else a result in `field`. Errors call that field `shown`. */
  const walkItem = (
    method: Method,
    schema: DescMessage,
    message: Message,
    field: string,
    shown = field,
  ): Item<object> => {
    const { error, [field]: result } = fieldsOf(message);
    if (error !== undefined) return { ok: false, error: apiError(error, method) };
    const resultSchema = schema.field[field]?.message;
    if (result === undefined || resultSchema === undefined)
      throw new PathError(`neither ${shown} nor error is there`);
    try {
      return { ok: true, result: decodeMessage(resultSchema, result as Message, optionsFor(method)) };
    } catch (thrown) {
      throw errorUnder(shown, thrown);
    }
  };

  const walkAlone = (method: Method, request: Message, response: Message): object => {
    const { output } = method.rpc;
    if (hasErrorOrResult(output)) {
      const item = walkItem(method, output, response, "result");
      if (!item.ok) throw item.error;
      checkChannels(method, request, item.result);
      return item.result;
    }
    // An RPC that is in no batch may have its result in fields of the response.
    const { error } = fieldsOf(response);
    if (hasError(output) && error !== undefined) throw apiError(error, method);
    return decodeMessage(output, response, optionsFor(method));
  };

  const walkReply = (method: Method, request: Message, reply: Message, shown: string): Item<object> => {
    const item = walkItem(method, table.reply, reply, method.name, shown);
    if (item.ok) checkChannels(method, request, item.result);
    return item;
  };

  const walkBatch = (request: Message, response: Message): object => {
    const commands = listIn(request, "commands");
    const replies = listIn(response, "replies");
    checkCount("replies", replies, commands.length);
    const items = commands.map((command, index) => {
      try {
        const method = methodOf(table, command);
        if (method === undefined) throw new PathError("answers a command without a method");
        const own = fieldsOf(command)[method.name] as Message;
        return walkReply(method, own, replies[index] as Message, method.name);
      } catch (thrown) {
        throw errorUnder(`replies[${index}]`, thrown);
      }
    });
    return { replies: items };
  };

  return {
    result(method, request, response) {
      try {
        return method === table.batch ? walkBatch(request, response) : walkAlone(method, request, response);
      } catch (thrown) {
        throw asDecodeError(thrown, method);
      }
    },
    replies(commands, response) {
      const replies = listIn(response, "replies");
      return commands.map(({ method, message }, index) => {
        try {
          checkCount("replies", replies, commands.length);
          return walkReply(method, message, replies[index] as Message, "result");
        } catch (thrown) {
          return failedItem(thrown, method);
        }
      });
    },
    channels(method, request, response) {
      const { error, result } = fieldsOf(response);
      const responses = result === undefined ? [] : listIn(result as Message, "responses");
      const schema = method.rpc.output.field.result?.message?.field.responses?.message;
      return listIn(request, "channels").map((_, index, { length }) => {
        try {
          if (error !== undefined) throw apiError(error, method);
          checkCount("responses", responses, length);
          return walkItem(method, schema as DescMessage, responses[index] as Message, "result");
        } catch (thrown) {
          return failedItem(thrown, method);
        }
      });
    },
  };
}

/** The method of a command: the one that is set, of dozens. */
function methodOf(table: MethodTable, command: Message): Method | undefined {
  const fields = fieldsOf(command);
  for (const name in fields) {
    const method = table.byName(name);
    if (method?.command !== undefined && fields[name] !== undefined) return method;
  }
  return undefined;
}

/** A broadcast answers for each of its channels, in their order. A list of another length would mix them up. */
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

function apiError(error: unknown, { name }: Method): CentApiResponseError {
  const { code, message } = error as { code: number; message: string };
  return new CentApiResponseError(code, message, { method: name });
}

function asDecodeError(thrown: unknown, { name }: Method): unknown {
  if (!(thrown instanceof PathError)) return thrown;
  return new CentDecodeError(`${name}: ${inReply(thrown)}`, { method: name, cause: thrown });
}

/** The item for what was thrown, with an error of its own. */
function failedItem(thrown: unknown, method: Method): WalkedItem {
  const isApiError = thrown instanceof CentApiResponseError;
  const error = isApiError ? apiError(thrown, method) : (asDecodeError(thrown, method) as CentError);
  return { ok: false, error };
}
