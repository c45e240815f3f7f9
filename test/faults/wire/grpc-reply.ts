import { grpcFrame } from "../../harness/misbehaving-server.ts";
import type { Fields } from "./frames.ts";
import { data, flag, headers } from "./frames.ts";

/** A message with an empty result, valid for all methods. */
export const emptyResult = Buffer.from([18, 0]);

const ends = flag.endHeaders | flag.endStream;

/** The headers of a reply that has a message. */
export function replyHeaders(stream: number, more: Fields = {}): Buffer {
  return headers(stream, { ":status": "200", "content-type": "application/grpc", ...more });
}

export function message(stream: number): Buffer {
  return data(stream, grpcFrame(emptyResult));
}

export function trailers(stream: number, more: Fields = {}): Buffer {
  return headers(stream, { "grpc-status": "0", ...more }, ends);
}

/** A valid reply. */
export function goodReply(stream: number): Buffer {
  return Buffer.concat([replyHeaders(stream), message(stream), trailers(stream)]);
}

/** A reply of headers only. */
export function headersOnly(stream: number, fields: Fields): Buffer {
  return headers(stream, { ":status": "200", "content-type": "application/grpc", ...fields }, ends);
}
