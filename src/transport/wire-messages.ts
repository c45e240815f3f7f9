import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** A request on its way to the wire. */
export interface WireRequest {
  readonly method: DescMethodUnary;
  readonly message: MessageShape<DescMessage>;
  readonly header: Readonly<Record<string, string>>;
}

/**
 * A response as read from the wire. Few callers look at its headers, so they are made when they are asked for. They are its
 * own properties, for interceptors that give back `{ ...response, message }`.
 */
export function wireResponse(
  method: DescMethodUnary,
  message: MessageShape<DescMessage>,
  makeHeader: () => Headers,
  makeTrailer = () => new Headers(),
): UnaryResponse {
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  return {
    stream: false,
    service: method.parent,
    method,
    message,
    get header() {
      header ??= makeHeader();
      return header;
    },
    get trailer() {
      trailer ??= makeTrailer();
      return trailer;
    },
  };
}
