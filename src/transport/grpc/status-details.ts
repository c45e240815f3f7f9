import { BinaryReader, base64Decode } from "@bufbuild/protobuf/wire";
import type { ConnectError } from "@connectrpc/connect";

/** A google.rpc.Status: its message and details. */
export interface DetailedStatus {
  readonly code: number;
  readonly message: string;
  readonly details: ConnectError["details"];
}

/** Reads the value of `grpc-status-details-bin`. @throws if it is no google.rpc.Status */
export function readStatusDetails(value: string): DetailedStatus {
  let code = 0;
  let message = "";
  const details: { type: string; value: Uint8Array<ArrayBuffer> }[] = [];
  readFields(base64Decode(value), (number, reader) => {
    if (number === 1) code = reader.int32();
    else if (number === 2) message = reader.string();
    else if (number === 3) details.push(readAny(reader.bytes()));
    else return false;
    return true;
  });
  return { code, message, details };
}

/** Reads a google.protobuf.Any. */
function readAny(bytes: Uint8Array) {
  let type = "";
  let value = new Uint8Array();
  readFields(bytes, (number, reader) => {
    if (number === 1) type = reader.string();
    else if (number === 2) value = new Uint8Array(reader.bytes());
    else return false;
    return true;
  });
  return { type: type.slice(type.lastIndexOf("/") + 1), value };
}

/** @param read reads the value of a field that it knows, and returns whether it does */
function readFields(bytes: Uint8Array, read: (number: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (!read(number, reader)) reader.skip(wireType, number);
  }
}
