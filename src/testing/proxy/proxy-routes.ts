import type { DescMessage, Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { CentProxy } from "../../proxy/create-proxy.ts";

/** The function of a unary RPC. */
export type Unary = (message: Message, context: Circumstances) => Promise<Message>;
/** The function of a stream. */
export type Streaming = (
  input: Message | AsyncIterable<Message>,
  context: Circumstances,
) => AsyncIterable<Message>;
/** The parts of a handler context of Connect that a proxy uses. */
export interface Circumstances {
  readonly requestHeader: Headers;
  readonly signal: AbortSignal;
}

/** The functions that a proxy gives Connect, by the names of their RPCs. */
export function routesOf(proxy: CentProxy): Readonly<Record<string, unknown>> {
  let routes = {};
  const router = {
    service(_service: unknown, given: object) {
      routes = given;
      return router;
    },
  };
  proxy.routes(router as unknown as ConnectRouter);
  return routes;
}

/** A message after its way over the wire. */
export const onTheWire = (schema: DescMessage, message: Message): Message =>
  fromBinary(schema, toBinary(schema, message));

/** Messages after their way over the wire. */
export async function* carried(
  schema: DescMessage,
  messages: AsyncIterable<Message>,
): AsyncGenerator<Message, void> {
  for await (const message of messages) yield onTheWire(schema, message);
}
