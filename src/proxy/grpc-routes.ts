import type { Message } from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { Code, ConnectError } from "../limits/connect-error.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { BadRequest, ResponseFailure, respond } from "./respond.ts";
import { stream } from "./stream.ts";

type Circumstances = Pick<HandlerContext, "requestHeader" | "signal">;

/** Serves a proxy over gRPC, in any adapter of Connect. */
export function grpcRoutes(core: ProxyCore): (router: ConnectRouter) => ConnectRouter {
  const methods = core.events.map((event) => [event.rpc.localName, methodOf(core, event)]);
  const options = { readMaxBytes: core.maxBodyBytes };
  return (router) => router.service(CentrifugoProxy, Object.fromEntries(methods), options);
}

function methodOf(core: ProxyCore, event: ProxyEvent) {
  if (event.isStream)
    return (input: Message | AsyncIterable<Message>, circumstances: Circumstances) =>
      streamed(core, event, input, circumstances);
  return async (message: Message, circumstances: Circumstances) => {
    const context = contextOf(core, circumstances);
    try {
      const response = await respond(core, event, message, context, (_event, written) => written);
      // Centrifugo may still listen. A handler that gave up at the deadline must not be a final no.
      context.signal.throwIfAborted();
      return response;
    } catch (error) {
      throw statusOf(core, event, context, error);
    }
  };
}

/** @throws ConnectError for a request without the secret, which says nothing about why */
function contextOf({ secret }: ProxyCore, { requestHeader, signal }: Circumstances): ProxyContext {
  if (!secret.matches(requestHeader.get(secret.header))) throw new ConnectError("", Code.Unauthenticated);
  return { headers: secret.withoutSecret(requestHeader), signal };
}

/** Runs a stream. The client's first message asks for the subscription. */
async function* streamed(
  core: ProxyCore,
  event: ProxyEvent,
  input: Message | AsyncIterable<Message>,
  circumstances: Circumstances,
): AsyncGenerator<Message, void> {
  const context = contextOf(core, circumstances);
  try {
    const coming = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : undefined;
    const opening =
      coming === undefined ? input : fieldsOf((await coming.next()).value ?? {}).subscribeRequest;
    if (opening === undefined) throw new BadRequest("the first message has no subscribe_request");
    yield* stream(core, event, opening as Message, coming, context);
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
