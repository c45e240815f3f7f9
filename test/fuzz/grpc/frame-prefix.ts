/** A message after the five bytes of a gRPC frame, which may be wrong on purpose. */
export function withPrefix(message: Uint8Array, flag: number, length: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(5), message]);
  bytes.writeUInt8(flag, 0);
  bytes.writeUInt32BE(Math.max(0, length), 1);
  return bytes;
}
