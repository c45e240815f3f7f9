import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { binaryFormat } from "../../limits/binary-format.ts";
import { compressedFailure, decodeFailure, messageOf } from "../transport-failure.ts";

/** Bytes in front of a message: the flag and the length. */
export const prefixLength = 5;

/** A gRPC frame: a zero byte for "not compressed", the length in four bytes, the message. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixLength + message.byteLength);
  framed[0] = 0;
  framed.writeUInt32BE(message.byteLength, 1);
  framed.set(message, prefixLength);
  return framed;
}

/**
 * Reads the only message of a unary response.
 *
 * @param encoding the `grpc-encoding` of the response
 */
export function decodeResponse<Desc extends DescMessage>(
  schema: Desc,
  body: Buffer,
  encoding?: unknown,
): MessageShape<Desc> {
  if (body.byteLength === 0) throw decodeFailure("the reply has no message");
  if (body.byteLength < prefixLength) throw decodeFailure("the reply ends inside a frame");
  const length = body.readUInt32BE(1);
  if (body[0] !== 0) throw compressedFailure(encoding);
  if (body.byteLength < prefixLength + length) throw decodeFailure("the reply ends inside a frame");
  if (body.byteLength > prefixLength + length) throw decodeFailure("the reply has more than one message");
  try {
    // Unknown fields are skipped: keeping millions of them takes minutes.
    return binaryFormat().fromBinary(schema, body.subarray(prefixLength), { readUnknownFields: false });
  } catch (cause) {
    throw decodeFailure(`the reply is not a ${schema.name}: ${messageOf(cause)}`, cause);
  }
}
