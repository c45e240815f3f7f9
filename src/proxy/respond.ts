import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { asPathError, PathError } from "../codec/path-error.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { traceAnswer } from "../tracing/proxy-trace.ts";
import { checkRequest, checkResult } from "./definitions/defined-requests.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore, ProxyFailure } from "./proxy-core.ts";
import { readRequest } from "./read-request.ts";
import { isRefusal } from "./refusals.ts";
import { failureResponse, writeResponse } from "./write-response.ts";

/** A request that cannot be read: status 400, or INVALID_ARGUMENT. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** A failure that has no place in the response: status 500, or INTERNAL. */
export class ResponseFailure extends Error {}

/**
 * Asks the handler of a unary event, and makes its response.
 *
 * @param write the transport's form of the response; it throws for a response that has none
 * @throws BadRequest, ResponseFailure
 */
export async function respond<Written>(
  core: ProxyCore,
  event: ProxyEvent,
  message: Message,
  context: ProxyContext,
  write: (event: ProxyEvent, response: Message) => Written,
): Promise<Written> {
  const { request, handler, failure } = readAsked(core, event, message);
  try {
    // Nothing given is a refusal elsewhere.
    if (handler === undefined && event.about === "report")
      throw new PathError("there is no handler for this request");
    const ask = async () => {
      const definition = handler && checkRequest(core, event, request, failure, context);
      const given = await handler?.(request as never, context);
      checkResult(core, event, given, definition);
      return given;
    };
    const answer = async () => writeResponse(core, event, await ask().catch(expectRefusal));
    return write(event, await traceAnswer({ event, key: failure.key, context }, answer));
  } catch (error) {
    core.report(error, failure, context.signal);
    const response = failureResponse(core, event);
    if (response !== undefined) return write(event, response);
    throw new ResponseFailure(`${event.name} failed`);
  }
}

/** Gives back a refusal that a handler has thrown. @throws anything else */
const expectRefusal = (thrown: unknown) => (isRefusal(thrown) ? thrown : Promise.reject(thrown));

/** The request of a message, and its handler. @throws BadRequest */
export function readAsked(core: ProxyCore, event: ProxyEvent, message: Message) {
  const key = event.key && (fieldsOf(message)[event.key] as string);
  const handlers = core.handlers.get(event.name);
  const failure: ProxyFailure = { event: event.name, key };
  const handler = typeof handlers === "object" ? handlers.find(key ?? "") : handlers;
  try {
    return { failure, handler, request: readRequest(event.request, message, core) };
  } catch (error) {
    throw new BadRequest(`${event.path}: ${asPathError(error).message}`);
  }
}
