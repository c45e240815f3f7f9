import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ResultOptions } from "../codec/decode-message.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { errorUnder, PathError } from "../codec/path-error.ts";
import type { CentError } from "../errors/cent-error.ts";
import { CentApiResponseError, CentDecodeError } from "../errors/cent-error.ts";
import { hasError, hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { inReply } from "../transport/transport-failure.ts";
import type { Item } from "./items.ts";

/** What became of one part of a request. Another error than the server's is that of a reply that is not whole. */
export type WalkedItem =
  | { readonly ok: true; readonly result: object }
  | { readonly ok: false; readonly error: CentError };

/** Walks responses to results, as the client was asked to give them. */
export interface Walker {
  /**
   * The result in a response. Where it carries several, as the responses of batch and broadcast do, each is an item.
   *
   * @param request the message that was sent: there must be as many items as commands, or channels
   * @throws CentApiResponseError for the error in the response, and CentDecodeError for a response that is not whole
   */
  result(method: Method, request: Message, response: Message): object;
  /** What became of the commands of a batch, each as in the response to a request of its own. */
  replies(commands: readonly Walkable[], response: Message): readonly WalkedItem[];
  /** What became of the channels of a broadcast. Where all of it failed, each has an error of its own. */
  channels(method: Method, request: Message, response: Message): readonly WalkedItem[];
}

/** A request that was sent as a command of a batch. */
export interface Walkable {
  readonly method: Method;
  readonly message: Message;
}

export function createWalker(table: MethodTable, results: Omit<ResultOptions, "item">): Walker {
  /** An outcome within a result is an item, whose error names the method. */
  const optionsOf = ({ name }: Method): ResultOptions => {
    const options: ResultOptions = {
      ...results,
      item: (schema) =>
        hasErrorOrResult(schema)
          ? (message) => walkOutcome(schema, message, "result", name, options)
          : undefined,
    };
    return options;
  };
  const byMethod = new Map(table.methods.map((method) => [method, optionsOf(method)]));
  const optionsFor = (method: Method) => byMethod.get(method) ?? optionsOf(method);

  const walkAlone = (method: Method, request: Message, response: Message): object => {
    const { output } = method.rpc;
    if (!hasErrorOrResult(output)) return walkBare(output, response, method.name, optionsFor(method));
    const outcome = walkOutcome(output, response, "result", method.name, optionsFor(method));
    if (!outcome.ok) throw outcome.error;
    checkChannels(method, request, outcome.result);
    return outcome.result;
  };

  const walkReply = (method: Method, request: Message, reply: Message, shown: string): Item<object> => {
    const item = walkOutcome(table.reply, reply, method.name, method.name, optionsFor(method), shown);
    if (item.ok) checkChannels(method, request, item.result);
    return item;
  };

  const walkBatch = (request: Message, response: Message): object => {
    const commands = listIn(request, "commands");
    const replies = listIn(response, "replies", commands.length);
    const items = commands.map((command, index) => {
      try {
        const method = methodOf(table, command);
        if (method === undefined) throw new PathError("answers a command without a method");
        const own = fieldsOf(command)[method.name] as Message;
        return walkReply(method, own, replies[index] as Message, method.name);
      } catch (error) {
        throw errorUnder(`replies[${index}]`, error);
      }
    });
    return { replies: items };
  };

  return {
    result(method, request, response) {
      try {
        return method === table.batch ? walkBatch(request, response) : walkAlone(method, request, response);
      } catch (error) {
        throw asDecodeError(error, method.name);
      }
    },
    replies(commands, response) {
      const replies = listIn(response, "replies");
      return commands.map(({ method, message }, index) => {
        try {
          checkCount("replies", replies, commands.length);
          return walkReply(method, message, replies[index] as Message, "result");
        } catch (error) {
          return { ok: false, error: asDecodeError(error, method.name) as CentError };
        }
      });
    },
    channels(method, request, response) {
      try {
        return (walkAlone(method, request, response) as { responses: readonly WalkedItem[] }).responses;
      } catch (thrown) {
        const error = asDecodeError(thrown, method.name) as CentError;
        const channels = fieldsOf(request).channels as readonly unknown[];
        return channels.map(() => ({ ok: false, error: copyOf(error) }));
      }
    },
  };
}

function copyOf(error: CentError): CentError {
  const { message, method, cause } = error;
  return error instanceof CentApiResponseError
    ? new CentApiResponseError(error.code, message, { method, cause })
    : new CentDecodeError(message, { method, cause });
}

function asDecodeError(error: unknown, method: string): unknown {
  if (!(error instanceof PathError)) return error;
  return new CentDecodeError(`${method}: ${inReply(error)}`, { method, cause: error });
}

/** A response that has its result in fields of its own, as that of an RPC which is in no batch may. */
function walkBare(schema: DescMessage, response: Message, method: string, options: ResultOptions): object {
  const { error } = fieldsOf(response);
  if (hasError(schema) && error !== undefined) throw apiError(error, method);
  return decodeMessage(schema, response, options);
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

/**
 * The item of a message that has an `error`, or else its result in the field `success`.
 *
 * @param shown what the path of a fault calls that field
 */
function walkOutcome(
  schema: DescMessage,
  outcome: Message,
  success: string,
  method: string,
  options: ResultOptions,
  shown = success,
): Item<object> {
  const { error, [success]: result } = fieldsOf(outcome);
  if (error !== undefined) return { ok: false, error: apiError(error, method) };
  const resultSchema = schema.field[success]?.message;
  if (result === undefined || resultSchema === undefined)
    throw new PathError(`neither ${shown} nor error is there`);
  try {
    return { ok: true, result: decodeMessage(resultSchema, result as Message, options) };
  } catch (thrown) {
    throw errorUnder(shown, thrown);
  }
}

function apiError(error: unknown, method: string): CentApiResponseError {
  const { code, message } = error as { code: number; message: string };
  return new CentApiResponseError(code, message, { method });
}

/** A broadcast answers for each of its channels, in their order. A list of another length would mix them up. */
function checkChannels(method: Method, request: Message, result: object): void {
  if (method.name !== "broadcast") return;
  const { channels } = fieldsOf(request);
  const { responses } = result as { responses?: unknown };
  if (Array.isArray(channels) && Array.isArray(responses))
    checkCount("responses", responses, channels.length);
}

function listIn(message: Message, name: string, count?: number): readonly Message[] {
  const list = (fieldsOf(message)[name] ?? []) as readonly Message[];
  if (count !== undefined) checkCount(name, list, count);
  return list;
}

function checkCount(name: string, list: readonly unknown[], count: number): void {
  if (list.length === count) return;
  throw new PathError(`expected ${count} ${name}, got ${list.length}`, { path: name });
}
