import type {
  EventRequests,
  EventResults,
} from "../../../gen/centrifugal/centrifugo/proxy/proxy_handlers.ts";
import type { CentProxy } from "../../proxy/create-proxy.ts";
import { eventNamed } from "./event-request.ts";
import type { ProxyAnswer } from "./proxy-answer.ts";
import { answerOf, usualFields } from "./proxy-answer.ts";
import type { CallProxyOptions } from "./proxy-caller.ts";
import { ProxyCaller } from "./proxy-caller.ts";
import type { ProxyStream } from "./proxy-stream.ts";
import { openStream } from "./proxy-stream.ts";

/** The name of an event, as among the handlers: "subRefresh". */
export type ProxyEventName = keyof EventRequests & keyof EventResults;

/** A request of Centrifugo, in which fields may be left out. The channel or method selects the handler. */
export type ProxyCall<Event extends ProxyEventName> = Partial<EventRequests[Event]> &
  Pick<EventRequests[Event], Extract<keyof EventRequests[Event], "channel" | "method">>;

type StreamName = "subscribeUnidirectional" | "subscribeBidirectional";

/** The answer to an event; of a stream, its first answer and the stream. */
export type ProxyAnswerOf<Event extends ProxyEventName> = Event extends StreamName
  ? { readonly answer: ProxyAnswer<EventResults[Event]> } & ProxyStream
  : ProxyAnswer<EventResults[Event]>;

const callers = new WeakMap<CentProxy, ProxyCaller>();

/**
 * Asks a proxy about an event, as Centrifugo does, for unit tests of handlers. The request goes through all of the proxy, so
 * the answer is what Centrifugo would read. The secret is sent by itself, as are `client`, `transport`, `protocol`,
 * `encoding` if the request lacks them.
 *
 * @param event the name of the event, as among the handlers
 * @throws TypeError for an unknown event or field, and for handlers of which `proxy.config()` makes no configuration;
 * ProxyStatusError for a status in place of an answer, as after an error in the handler of `refresh`
 */
export async function callProxy<Event extends ProxyEventName>(
  proxy: CentProxy,
  event: Event,
  request: ProxyCall<Event>,
  options: CallProxyOptions = {},
): Promise<ProxyAnswerOf<Event>> {
  const found = eventNamed(event);
  const caller = callers.get(proxy) ?? new ProxyCaller(proxy);
  callers.set(proxy, caller);
  const filled = { ...usualFields(found), ...request };
  const answer = found.isStream
    ? await openStream(caller, found, filled, options)
    : answerOf(found, await caller.ask(found, filled, options));
  return answer as ProxyAnswerOf<Event>;
}
