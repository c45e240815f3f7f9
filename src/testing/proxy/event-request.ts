import type { Message } from "@bufbuild/protobuf";
import { CentrifugoProxy } from "../../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { didYouMean } from "../../codec/did-you-mean.ts";
import { encodeMessage } from "../../codec/encode-message.ts";
import { runNamed } from "../../codec/path-error.ts";
import { createPayload } from "../../codec/payload.ts";
import type { ProxyEvent } from "../../schema/event-table.ts";
import { eventTable } from "../../schema/event-table.ts";

const payload = createPayload(undefined);

/** Makes the message of an object with a client's data. @throws PathError naming the field */
export const messageOf = (schema: ProxyEvent["request"], value: object): Message =>
  encodeMessage(schema, value, payload);

/** The event of a name. @throws TypeError for a name that is no event */
export function eventNamed(name: string): ProxyEvent {
  const events = eventTable(CentrifugoProxy);
  const event = events.find((one) => one.name === name);
  if (event !== undefined) return event;
  const names = events.map((one) => one.name);
  throw new TypeError(
    `callProxy: unknown event "${name}"; ${didYouMean(name, names) ?? `expected ${names.join(", ")}`}`,
  );
}

/** The request of an event. @throws TypeError naming the event and the field */
export function requestMessage(event: ProxyEvent, request: object): Message {
  return runNamed(event.name, () => messageOf(event.request, request));
}
