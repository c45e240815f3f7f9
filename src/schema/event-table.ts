import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import { perDescriptor } from "./per-descriptor.ts";
import { rpcPath } from "./rpc-path.ts";

/** An event about which Centrifugo asks the backend: an RPC of its proxy service, with all its names. */
export interface ProxyEvent {
  /** The name of its handlers: `subRefresh`. */
  readonly name: string;
  /** The last part of its HTTP path, in the words of Centrifugo's configuration: `sub_refresh`. */
  readonly path: string;
  readonly rpc: DescMethod;
  readonly isStream: boolean;
  /** The message that the handler gets as its request. */
  readonly request: DescMessage;
  /** The message with the result, and perhaps with `error` and `disconnect`. */
  readonly response: DescMessage;
  readonly result: DescMessage;
  /** The field of the request that selects one of several handlers; undefined if there is one handler. */
  readonly key: "channel" | "method" | undefined;
  /**
   * The subject of the answer. `connect` and `access`: whether a client may do something, so that no answer is a no.
   * `expiry`: whether something goes on. `report`: no client asks.
   */
  readonly about: "connect" | "access" | "expiry" | "report";
}

/** The RPCs that Centrifugo's configuration calls otherwise. */
const namesInConfig: Readonly<Record<string, string>> = {
  notify_cache_empty: "cache_empty",
  notify_channel_state: "state",
  subscribe_unidirectional: "subscribe_stream",
  subscribe_bidirectional: "subscribe_stream",
};

/** The events of a proxy service, by its descriptor: a newer schema's events need no other code. */
export const eventTable = perDescriptor((service: DescService): readonly ProxyEvent[] =>
  service.methods.map((rpc) => {
    const path = rpcPath(rpc.name);
    const request = rpc.input.field.subscribeRequest?.message ?? rpc.input;
    const response = rpc.output.field.subscribeResponse?.message ?? rpc.output;
    const result = response.field.result?.message;
    if (result === undefined)
      throw new TypeError(`${service.typeName} is not Centrifugo's proxy: ${rpc.name} has no result`);
    return {
      name: protoCamelCase(path),
      path: namesInConfig[path] ?? path,
      rpc,
      isStream: rpc.methodKind !== "unary",
      request,
      response,
      result,
      key: request.field.method ? "method" : request.field.channel ? "channel" : undefined,
      about: subjectOf(response, result),
    };
  }),
);

function subjectOf(response: DescMessage, { field }: DescMessage): ProxyEvent["about"] {
  if (response.field.disconnect === undefined) return "report";
  if (field.expired !== undefined) return "expiry";
  return field.user === undefined ? "access" : "connect";
}
