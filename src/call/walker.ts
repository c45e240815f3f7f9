import type { DescMessage, Message } from "@bufbuild/protobuf";
import { methodOf } from "../codec/command-method.ts";
import type { ResultOptions } from "../codec/decode-message.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { errorUnder, PathError } from "../codec/path-error.ts";
import type { CentError } from "../errors/cent-error.ts";
import { CentApiResponseError, CentDecodeError } from "../errors/cent-error.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
import { apiErrorMaybeExecuted } from "../errors/maybe-executed.ts";
import { hasError, hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { inReply } from "../transport/transport-failure.ts";
import type { Item } from "./items.ts";
import type { Reply } from "./reply.ts";

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
  result(method: Method, request: Message, reply: Reply): object;
  /** The items of the commands of a batch, each as in the response to a request of its own. */
  replies(commands: readonly { method: Method; message: Message }[], reply: Reply): WalkedItem[];
  /** The items of the channels of a broadcast. Where all of it failed, each has an error of its own. */
  channels(method: Method, request: Message, reply: Reply): readonly WalkedItem[];
}

/** The options for the results of a method within a reply. */
type OptionsFor = (method: Method) => ResultOptions;

export function createWalker(
  table: MethodTable,
  results: Omit<ResultOptions, "item">,
  secrets: SentSecrets,
): Walker {
  /** The error that came in a reply. A proxy may have put the key into its words. */
  const apiError = (error: unknown, { name }: Method, reply: Reply): CentApiResponseError => {
    const { code, message } = error as { code: number; message: string };
    const { headers, attempts } = reply;
    const maybeExecuted = reply.maybeExecuted || apiErrorMaybeExecuted(code);
    const options = { method: name, headers, attempts, maybeExecuted };
    const made = new CentApiResponseError(code, message, options);
    secrets.hideIn(made);
    return made;
  };

  const asDecodeError = (thrown: unknown, { name }: Method, { headers, attempts }: Reply): unknown => {
    if (!(thrown instanceof PathError)) return thrown;
    const options = { method: name, cause: thrown, headers, attempts, maybeExecuted: true };
    const made = new CentDecodeError(`${name}: ${inReply(thrown)}`, options);
    secrets.hideIn(made);
    return made;
  };

  /** The item for what was thrown, with an error of its own. */
  const failedItem = (thrown: unknown, method: Method, reply: Reply): WalkedItem => {
    const isApiError = thrown instanceof CentApiResponseError;
    const error = isApiError ? apiError(thrown, method, reply) : asDecodeError(thrown, method, reply);
    return { ok: false, error: error as CentError };
  };

  /** Within a result, too, a message that has an error or a result becomes an item. Its error names the method. */
  const optionsIn = (reply: Reply): OptionsFor => {
    let known: Method | undefined;
    let options: ResultOptions;
    const optionsFor: OptionsFor = (method) => {
      if (method !== known) {
        known = method;
        const walk = (schema: DescMessage) => (message: Message) =>
          walkItem(reply, optionsFor, method, schema, message, "result");
        options = { ...results, item: (schema) => (hasErrorOrResult(schema) ? walk(schema) : undefined) };
      }
      return options;
    };
    return optionsFor;
  };

  /** The item of a message that has an `error`, or else a result in `field`. Errors call that field `shown`. */
  const walkItem = (
    reply: Reply,
    optionsFor: OptionsFor,
    method: Method,
    schema: DescMessage,
    message: Message,
    field: string,
    shown = field,
  ): Item<object> => {
    const { error, [field]: result } = fieldsOf(message);
    if (error !== undefined) return { ok: false, error: apiError(error, method, reply) };
    const resultSchema = schema.field[field]?.message;
    if (result === undefined || resultSchema === undefined)
      throw new PathError(`neither ${shown} nor error is there`);
    try {
      return { ok: true, result: decodeMessage(resultSchema, result as Message, optionsFor(method)) };
    } catch (thrown) {
      throw errorUnder(shown, thrown);
    }
  };

  const walkAlone = (method: Method, request: Message, reply: Reply): object => {
    const { output } = method.rpc;
    const { message: response } = reply;
    if (hasErrorOrResult(output)) {
      const item = walkItem(reply, optionsIn(reply), method, output, response, "result");
      if (!item.ok) throw item.error;
      checkChannels(method, request, item.result);
      return item.result;
    }
    // An RPC that is in no batch may have its result in fields of the response.
    const { error } = fieldsOf(response);
    if (hasError(output) && error !== undefined) throw apiError(error, method, reply);
    return decodeMessage(output, response, optionsIn(reply)(method));
  };

  const walkReply = (
    reply: Reply,
    optionsFor: OptionsFor,
    { method, message: request }: { method: Method; message: Message },
    answer: Message,
    shown: string,
  ): Item<object> => {
    const item = walkItem(reply, optionsFor, method, table.reply, answer, method.name, shown);
    if (item.ok) checkChannels(method, request, item.result);
    return item;
  };

  const walkBatch = (request: Message, reply: Reply): object => {
    const commands = listIn(request, "commands");
    const replies = listIn(reply.message, "replies");
    checkCount("replies", replies, commands.length);
    const optionsFor = optionsIn(reply);
    const items = commands.map((command, index) => {
      try {
        const method = methodOf(table, command);
        if (method === undefined) throw new PathError("answers a command without a method");
        const message = fieldsOf(command)[method.name] as Message;
        return walkReply(reply, optionsFor, { method, message }, replies[index] as Message, method.name);
      } catch (thrown) {
        throw errorUnder(`replies[${index}]`, thrown);
      }
    });
    return { replies: items };
  };

  return {
    result(method, request, reply) {
      try {
        return method === table.batch ? walkBatch(request, reply) : walkAlone(method, request, reply);
      } catch (thrown) {
        throw asDecodeError(thrown, method, reply);
      }
    },
    replies(commands, reply) {
      const replies = listIn(reply.message, "replies");
      const optionsFor = optionsIn(reply);
      return commands.map((command, index) => {
        try {
          checkCount("replies", replies, commands.length);
          return walkReply(reply, optionsFor, command, replies[index] as Message, "result");
        } catch (thrown) {
          return failedItem(thrown, command.method, reply);
        }
      });
    },
    channels(method, request, reply) {
      const { error, result } = fieldsOf(reply.message);
      const optionsFor = optionsIn(reply);
      const responses = result === undefined ? [] : listIn(result as Message, "responses");
      const schema = method.rpc.output.field.result?.message?.field.responses?.message;
      return listIn(request, "channels").map((_, index, { length }) => {
        try {
          if (error !== undefined) throw apiError(error, method, reply);
          checkCount("responses", responses, length);
          const response = responses[index] as Message;
          return walkItem(reply, optionsFor, method, schema as DescMessage, response, "result");
        } catch (thrown) {
          return failedItem(thrown, method, reply);
        }
      });
    },
  };
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
