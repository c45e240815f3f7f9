import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import { decodeFailure, messageOf } from "../transport-failure.ts";

const prefixLength = 5;

/** A message in its gRPC frame: a byte that says "not compressed", the length in four bytes, the message. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixLength + message.byteLength);
  framed[0] = 0;
  framed.writeUInt32BE(message.byteLength, 1);
  framed.set(message, prefixLength);
  return framed;
}

/** The one message of a unary response. */
export function decodeResponse<Desc extends DescMessage>(schema: Desc, body: Buffer): MessageShape<Desc> {
  if (body.byteLength === 0) throw decodeFailure("the reply has no message");
  if (body.byteLength < prefixLength) throw decodeFailure("the reply ends inside a frame");
  const length = body.readUInt32BE(1);
  if (body[0] !== 0) throw decodeFailure("the reply is compressed, though nobody asked for that");
  if (body.byteLength < prefixLength + length) throw decodeFailure("the reply ends inside a frame");
  if (body.byteLength > prefixLength + length) throw decodeFailure("the reply has more than one message");
  try {
    return fromBinary(schema, body.subarray(prefixLength));
  } catch (cause) {
    throw decodeFailure(`the reply is not a ${schema.name}: ${messageOf(cause)}`, cause);
  }
}
