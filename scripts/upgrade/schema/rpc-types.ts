import type { DescMessage, DescMethod } from "@bufbuild/protobuf";

/** What an RPC takes and returns, as the schema writes it: `(PublishRequest) returns (stream PublishResponse)`. */
export function rpcTypes(rpc: DescMethod, nameOf: (type: DescMessage) => string): string {
  const stream = (streaming: boolean, type: DescMessage) => `(${streaming ? "stream " : ""}${nameOf(type)})`;
  const { clientStreaming, serverStreaming } = rpc.proto;
  return `${stream(clientStreaming, rpc.input)} returns ${stream(serverStreaming, rpc.output)}`;
}
