import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ResultOptions } from "../codec/decode-message.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { PathError, passing } from "../codec/path-error.ts";
import { CentApiResponseError, CentDecodeError } from "../errors/cent-error.ts";
import { hasError, hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import type { Item } from "./items.ts";

/** Results as the client was asked to give them; see {@link ResultOptions}. */
export type WalkOptions = Omit<ResultOptions, "item">;

/**
 * Walks a response to its result. Where the response carries several, as those of batch and broadcast do, each becomes
 * an item that succeeds or fails by itself.
 *
 * @param request the message that was sent: there must be as many items as commands, or channels
 * @throws CentApiResponseError for the error in the response, and CentDecodeError for a response that is not whole
 */
export function walkResponse(
  table: MethodTable,
  method: Method,
  request: Message,
  response: Message,
  options: WalkOptions,
): object {
  try {
    return method === table.batch
      ? walkReplies(table, request, response, options)
      : walkCall(method, request, response, resultOptions(method.name, options));
  } catch (error) {
    throw asDecodeError(error, method.name);
  }
}

/**
 * Walks one of several outcomes that came in a response.
 *
 * @throws CentDecodeError for one that is not whole
 */
export function walkItem(
  schema: DescMessage,
  outcome: Message,
  method: string,
  options: WalkOptions,
): Item<object> {
  try {
    return walkFields(schema, outcome, "result", method, resultOptions(method, options));
  } catch (error) {
    throw asDecodeError(error, method);
  }
}

function asDecodeError(error: unknown, method: string): unknown {
  if (!(error instanceof PathError)) return error;
  return new CentDecodeError(`${method}: in the reply, ${error.message}`, { method, cause: error });
}

const optionsByMethod = new WeakMap<WalkOptions, Map<string, ResultOptions>>();

/** The options for the results of a method: an outcome inside one of them is an item. They are made once for a client. */
function resultOptions(method: string, options: WalkOptions): ResultOptions {
  let made = optionsByMethod.get(options);
  if (made === undefined) {
    made = new Map();
    optionsByMethod.set(options, made);
  }
  let found = made.get(method);
  if (found === undefined) {
    const own: ResultOptions = {
      ...options,
      item: (schema) =>
        hasErrorOrResult(schema)
          ? (message) => walkFields(schema, message, "result", method, own)
          : undefined,
    };
    found = own;
    made.set(method, found);
  }
  return found;
}

function walkCall(method: Method, request: Message, response: Message, options: ResultOptions): object {
  const { output } = method.rpc;
  if (!hasErrorOrResult(output)) return walkBare(output, response, method.name, options);
  const outcome = walkFields(output, response, "result", method.name, options);
  if (!outcome.ok) throw outcome.error;
  checkCount(method.name, request, outcome.result);
  return outcome.result;
}

/** A response that has its result in fields of its own, as that of an RPC which is in no batch may. */
function walkBare(schema: DescMessage, response: Message, method: string, options: ResultOptions): object {
  const { error } = fieldsOf(response);
  if (hasError(schema) && error !== undefined) throw apiError(error, method);
  return decodeMessage(schema, response, options);
}

function walkReplies(table: MethodTable, request: Message, response: Message, options: WalkOptions): object {
  const commands = fieldsOf(request).commands as readonly Message[];
  const replies = fieldsOf(response).replies as readonly Message[];
  if (replies.length !== commands.length) {
    throw new PathError(`expected ${commands.length} replies, got ${replies.length}`, { path: "replies" });
  }
  const items = commands.map((command, index) => {
    try {
      const method = methodOf(table, command);
      const reply = replies[index];
      if (method === undefined || reply === undefined)
        throw new PathError("answers a command without a method");
      const own = resultOptions(method.name, options);
      const item = walkFields(table.reply, reply, method.name, method.name, own);
      if (item.ok) checkCount(method.name, fieldsOf(command)[method.name] as Message, item.result);
      return item;
    } catch (error) {
      throw passing(`replies[${index}]`, error);
    }
  });
  return { replies: items };
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

/** The item of a message that has an `error`, or else its result in the field `success`. */
function walkFields(
  schema: DescMessage,
  outcome: Message,
  success: string,
  method: string,
  options: ResultOptions,
): Item<object> {
  const { error, [success]: result } = fieldsOf(outcome);
  if (error !== undefined) return { ok: false, error: apiError(error, method) };
  const resultSchema = schema.field[success]?.message;
  if (result === undefined || resultSchema === undefined)
    throw new PathError(`neither ${success} nor error is there`);
  try {
    return { ok: true, result: decodeMessage(resultSchema, result as Message, options) };
  } catch (thrown) {
    throw passing(success, thrown);
  }
}

function apiError(error: unknown, method: string): CentApiResponseError {
  const { code, message } = error as { code: number; message: string };
  return new CentApiResponseError(code, message, { method });
}

/** A broadcast answers for each of its channels, in their order. A list of another length would mix them up. */
function checkCount(method: string, request: Message, result: object): void {
  if (method !== "broadcast") return;
  const { channels } = fieldsOf(request);
  const { responses } = result as { responses?: unknown };
  if (!Array.isArray(channels) || !Array.isArray(responses) || channels.length === responses.length) return;
  throw new PathError(`expected ${channels.length} responses, got ${responses.length}`, {
    path: "responses",
  });
}
