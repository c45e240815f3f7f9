import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { newMessage } from "../codec/new-message.ts";
import type { ProxyEvent } from "./event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { handlerOf } from "./proxy-core.ts";
import { readRequest } from "./read-request.ts";
import { isRefusal } from "./refusals.ts";
import { failureAt, ResponseFailure, requestOf } from "./respond.ts";
import { untilAborted } from "./until-aborted.ts";
import { isYes, writeMessageOf, writeResponse } from "./write-response.ts";

/**
 * Runs the handler of a stream: its first value becomes the decision, the later ones publications.
 *
 * @param opening the message that asks for the subscription
 * @param coming the messages that follow, with the client's publications
 * @throws BadRequest, ResponseFailure
 */
export async function* stream(
  core: ProxyCore,
  event: ProxyEvent,
  opening: Message,
  coming: AsyncIterable<Message>,
  context: ProxyContext,
): AsyncGenerator<Message, void> {
  const { signal, headers } = context;
  const request = requestOf(core, event, opening);
  const failure = failureAt(event, opening);
  const report = (error: unknown) => core.report(error, failure, signal);
  const publications = received(core, event, untilAborted(coming, signal, report));
  const decide = (given: unknown) => decision(event, writeResponse(event, given));
  let isDecided = false;
  try {
    const handler = handlerOf(core, event, failure.key);
    if (handler === undefined) return yield decide(undefined);
    const values = asIterable(
      event,
      handler(request as never, { headers, signal, publications } as ProxyContext),
    );
    for await (const value of untilAborted(values, signal, report)) {
      if (isDecided) {
        yield publication(event, value);
        continue;
      }
      const response = writeResponse(event, value);
      isDecided = true;
      yield decision(event, response);
      if (!isYes(response)) return;
    }
    if (!isDecided && !signal.aborted) yield decide(undefined);
  } catch (thrown) {
    // The decision may be thrown, too.
    if (!isDecided && isRefusal(thrown)) return yield decide(thrown);
    report(thrown);
    throw new ResponseFailure(`${event.name} failed`, { cause: thrown });
  }
}

function asIterable({ name }: ProxyEvent, values: unknown): AsyncIterable<unknown> {
  if (typeof (values as AsyncIterable<unknown>)?.[Symbol.asyncIterator] === "function")
    return values as AsyncIterable<unknown>;
  throw new TypeError(`${name}: expected an async generator, as \`async function*\` makes`);
}

/** The client's publications, as plain objects. */
async function* received(
  { int64 }: ProxyCore,
  { rpc }: ProxyEvent,
  messages: AsyncIterable<Message>,
): AsyncGenerator<unknown, void> {
  const schema = rpc.input.field.publication?.message;
  if (schema === undefined) return;
  for await (const message of messages) {
    const { publication } = fieldsOf(message);
    if (publication !== undefined) yield readRequest(schema, publication as Message, int64);
  }
}

function decision({ rpc }: ProxyEvent, response: Message): Message {
  const message = newMessage(rpc.output);
  fieldsOf(message).subscribeResponse = response;
  return message;
}

function publication(event: ProxyEvent, value: unknown): Message {
  const message = newMessage(event.rpc.output);
  const schema = event.rpc.output.field.publication?.message;
  if (isRefusal(value))
    throw new TypeError(`${event.name}: the decision was made, so a refusal comes too late`);
  if (schema !== undefined) fieldsOf(message).publication = writeMessageOf(event, schema, value);
  return message;
}
