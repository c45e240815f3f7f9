import type { Message } from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { fieldsOf } from "../codec/message-fields.ts";
import { Code, ConnectError } from "../limits/connect-error.ts";
import type { ProxyEvent } from "./event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { BadRequest, ResponseFailure, respond } from "./respond.ts";
import { stream } from "./stream.ts";

type Circumstances = Pick<HandlerContext, "requestHeader" | "signal">;

/** Serves a proxy over gRPC, in any adapter of Connect. */
export function grpcRoutes(core: ProxyCore): (router: ConnectRouter) => ConnectRouter {
  const methods = core.events.map((event) => [event.rpc.localName, methodOf(core, event)]);
  return (router) => router.service(core.service, Object.fromEntries(methods));
}

function methodOf(core: ProxyCore, event: ProxyEvent) {
  switch (event.rpc.methodKind) {
    case "unary":
      return async (message: Message, circumstances: Circumstances) => {
        const context = contextOf(core, circumstances);
        try {
          return await respond(core, event, message, context, asItIs);
        } catch (error) {
          throw statusOf(core, event, context, error);
        }
      };
    case "server_streaming":
      return (message: Message, circumstances: Circumstances) =>
        withStatus(core, event, circumstances, (context) => stream(core, event, message, nothing(), context));
    default:
      return (messages: AsyncIterable<Message>, circumstances: Circumstances) =>
        withStatus(core, event, circumstances, (context) => exchange(core, event, messages, context));
  }
}

const asItIs = (_event: ProxyEvent, response: Message) => response;

/** @throws ConnectError for a request without the secret, which says nothing about why */
function contextOf({ secret }: ProxyCore, { requestHeader, signal }: Circumstances): ProxyContext {
  if (!secret.matches(requestHeader.get(secret.header))) throw new ConnectError("", Code.Unauthenticated);
  return { headers: requestHeader, signal };
}

async function* withStatus(
  core: ProxyCore,
  event: ProxyEvent,
  circumstances: Circumstances,
  run: (context: ProxyContext) => AsyncIterable<Message>,
): AsyncGenerator<Message, void> {
  const context = contextOf(core, circumstances);
  try {
    yield* run(context);
  } catch (error) {
    throw statusOf(core, event, context, error);
  }
}

function statusOf(core: ProxyCore, event: ProxyEvent, { signal }: ProxyContext, error: unknown): unknown {
  if (error instanceof ResponseFailure) return new ConnectError("", Code.Internal);
  if (!(error instanceof BadRequest)) return error;
  core.report(error, { event: event.name, key: undefined }, signal);
  return new ConnectError(error.message, Code.InvalidArgument);
}

/** Runs a stream whose first message asks for the subscription. */
async function* exchange(
  core: ProxyCore,
  event: ProxyEvent,
  messages: AsyncIterable<Message>,
  context: ProxyContext,
): AsyncGenerator<Message, void> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  const opening = first.done ? undefined : fieldsOf(first.value).subscribeRequest;
  if (opening === undefined) throw new BadRequest("the first message has no subscribe_request");
  yield* stream(core, event, opening as Message, { [Symbol.asyncIterator]: () => iterator }, context);
}

async function* nothing(): AsyncGenerator<never, void> {}
