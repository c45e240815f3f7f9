import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";

/** A request that is ready to be encoded. */
export interface WireRequest {
  readonly method: DescMethodUnary;
  readonly message: MessageShape<DescMessage>;
  readonly header: Readonly<Record<string, string>>;
}

/**
 * A Connect response. Few callers read headers and trailers, so they are made on demand. They are own properties, so that an
 * interceptor's `{ ...response, message }` keeps them.
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
