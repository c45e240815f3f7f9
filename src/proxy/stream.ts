import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { newMessage } from "../codec/new-message.ts";
import { PathError } from "../codec/path-error.ts";
import { untilAborted, untilGone } from "../limits/until-aborted.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { traceStream } from "../tracing/proxy-trace.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { readRequest } from "./read-request.ts";
import { isRefusal } from "./refusals.ts";
import { ResponseFailure, readAsked } from "./respond.ts";
import { writeResponse, writeValue } from "./write-response.ts";

/**
 * Runs the handler of a stream: its first value becomes the decision, the later ones publications.
 *
 * @param opening the message that asks for the subscription
 * @param coming the messages that follow, with the client's publications; undefined in a stream of one direction
 * @throws BadRequest, ResponseFailure
 */
export async function* stream(
  core: ProxyCore,
  event: ProxyEvent,
  opening: Message,
  coming: AsyncIterator<Message> | undefined,
  context: ProxyContext,
): AsyncGenerator<Message, void> {
  const { signal, headers } = context;
  const { request, handler, failure } = readAsked(core, event, opening);
  const report = (error: unknown) => core.report(error, failure, signal);
  const messages = coming && untilGone({ [Symbol.asyncIterator]: () => coming }, signal);
  const publications = messages && received(core, event, messages);
  const decide = (given: unknown) => decision(event, writeResponse(core, event, given));
  let isDecided = false;
  try {
    if (handler === undefined) return yield decide(undefined);
    const open = () =>
      asIterable(handler(request as never, { headers, signal, publications } as ProxyContext));
    const values = traceStream({ event, key: failure.key, context }, (thrown) => !isRefusal(thrown), open);
    for await (const value of untilAborted(values, signal, report)) {
      if (isDecided) {
        yield publication(core, event, value);
        continue;
      }
      const response = writeResponse(core, event, value);
      isDecided = true;
      yield decision(event, response);
      if (fieldsOf(response).result === undefined) return;
    }
    if (!isDecided && !signal.aborted) yield decide(undefined);
  } catch (thrown) {
    // The decision may be thrown, too.
    if (!isDecided && isRefusal(thrown)) return yield decide(thrown);
    report(thrown);
    throw new ResponseFailure(`${event.name} failed`, { cause: thrown });
  }
}

function asIterable(values: unknown): AsyncIterable<unknown> {
  if (typeof (values as AsyncIterable<unknown>)?.[Symbol.asyncIterator] === "function")
    return values as AsyncIterable<unknown>;
  throw new PathError("expected an async generator, as `async function*` makes");
}

/** The client's publications, as plain objects. */
async function* received(
  core: ProxyCore,
  { rpc }: ProxyEvent,
  messages: AsyncIterable<Message>,
): AsyncGenerator<unknown, void> {
  const schema = rpc.input.field.publication?.message;
  if (schema === undefined) return;
  for await (const message of messages) {
    const { publication } = fieldsOf(message);
    if (publication !== undefined) yield readRequest(schema, publication as Message, core);
  }
}

function decision({ rpc }: ProxyEvent, subscribeResponse: Message): Message {
  return Object.assign(newMessage(rpc.output), { subscribeResponse });
}

function publication(core: ProxyCore, { rpc }: ProxyEvent, value: unknown): Message {
  const schema = rpc.output.field.publication?.message;
  if (isRefusal(value) || schema === undefined) throw new PathError("a refusal comes too late");
  return Object.assign(newMessage(rpc.output), { publication: writeValue(core, schema, value) });
}
