import type { Message } from "@bufbuild/protobuf";
import type { DefinedChannels, FoundDefinition } from "../channels/define-channels.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { methodOf } from "./command-method.ts";
import { definitionOf, schemaOutput } from "./defined-data.ts";
import { fieldsOf } from "./message-fields.ts";
import { shortLine } from "./one-line.ts";
import { errorUnder, runUnder } from "./path-error.ts";
import type { Payload } from "./payload.ts";

/** The checks of a client that has defined channels. */
export interface ChannelChecks {
  /** Checks the channels and the data of a request. @throws PathError naming the field */
  sent(method: Method, request: Message): void;
  /** Checks the data of a request for one channel. @param place the channel's field in errors */
  sentTo(place: string, channel: string, request: Message): void;
  /** Puts the schema's output in the place of the data in a result. @throws PathError naming the field */
  read(method: Method, request: Message, result: object): void;
}

interface Fields {
  readonly channel?: string;
  readonly channels?: readonly string[];
  readonly commands?: readonly Message[];
}

interface Publication {
  data?: unknown;
  readonly offset: number | bigint;
}

/** Makes the checks. A schema sees data as its readers do: the JSON that is sent, parsed. */
export function createChannelChecks(
  channels: DefinedChannels,
  table: MethodTable,
  payload: Payload,
): ChannelChecks {
  /** The definitions that have taken the data of a request. A broadcast to thousands of channels asks each of them once. */
  const accepted = new WeakMap<Message, Set<FoundDefinition>>();
  const sentTo = (place: string, channel: string, request: Message) => {
    const found = runUnder(place, () => definitionOf(channels, channel));
    const earlier = accepted.get(request) ?? new Set();
    if (found === undefined || earlier.has(found)) return;
    const { data } = fieldsOf(request);
    runUnder("data", () => schemaOutput(found, data instanceof Uint8Array ? payload.decode(data) : data));
    accepted.set(request, earlier.add(found));
  };
  const sent = (method: Method, request: Message): void => {
    // The request of another service may lack these fields. It has no channel that is defined then.
    const { channel = "", channels: names = [], commands = [] } = fieldsOf(request) as Fields;
    if (method === table.batch) {
      commands.forEach((command, index) => {
        const named = methodOf(table, command);
        if (named === undefined) return;
        const part = fieldsOf(command)[named.name] as Message;
        runUnder(`commands[${index}]`, () => runUnder(named.name, () => sent(named, part)));
      });
    } else if (method.name === "publish") {
      sentTo("channel", channel, request);
    } else if (method.name === "broadcast") {
      names.forEach((name, index) => {
        sentTo(`channels[${index}]`, name, request);
      });
    } else if (method.name === "history") {
      runUnder("channel", () => definitionOf(channels, channel));
    }
  };
  return {
    sent,
    sentTo,
    read({ name }, request, result) {
      if (name !== "history" || channels.validate !== "both") return;
      const { channel = "" } = fieldsOf(request) as Fields;
      const found = channels.find(channel);
      if (found === undefined) return;
      const { publications = [] } = result as { publications?: readonly Publication[] };
      publications.forEach((publication, index) => {
        const { data, offset } = publication;
        try {
          publication.data = schemaOutput(found, data, () => [
            `channel ${shortLine(channel)}`,
            `offset ${offset}`,
          ]);
        } catch (error) {
          throw errorUnder(`publications[${index}]`, errorUnder("data", error));
        }
      });
    },
  };
}
