/** The status of a call, before its trailers are sent. */
export interface GrpcStatus {
  readonly status: number;
  readonly message: string;
}

/** Messages of connect-es for requests that it cannot read, each with grpc-go's status and message. */
const readErrors: readonly [pattern: RegExp, translate: (match: readonly string[]) => GrpcStatus][] = [
  [
    /^message size (\d+) is larger than configured readMaxBytes (\d+)$/,
    ([, size, max]) => ({
      status: 8,
      message: `grpc: received message larger than max (${size} vs. ${max})`,
    }),
  ],
  [
    /^message is larger than configured readMaxBytes (\d+) after decompression$/,
    ([, max]) => ({
      status: 8,
      message: `grpc: received message after decompression larger than max ${max}`,
    }),
  ],
  [
    /^parse binary:.* utf-?8/i,
    () => ({ status: 13, message: "grpc: error unmarshalling request: string field contains invalid UTF-8" }),
  ],
  [
    /^parse binary:/,
    () => ({
      status: 13,
      message: "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
    }),
  ],
  [/missing input message for unary method$/, () => ({ status: 2, message: "EOF" })],
  [/incomplete envelope$/, () => ({ status: 2, message: "unexpected EOF" })],
  [
    /^received compressed envelope, but do not know how to decompress$/,
    () => ({ status: 13, message: "grpc: compressed flag set with identity or empty encoding" }),
  ],
  [
    /^decompression failed$/,
    () => ({ status: 13, message: "grpc: failed to decompress the message: gzip: invalid header" }),
  ],
  [
    /^unknown compression "(.*?)"/,
    ([, name]) => ({
      status: 12,
      message: `grpc: Decompressor is not installed for grpc-encoding "${name}"`,
    }),
  ],
];

/** Turns connect-es's status for a request that it cannot read into that of grpc-go, which Centrifugo uses. */
export function asGrpcGo(given: GrpcStatus): GrpcStatus {
  for (const [pattern, translate] of readErrors) {
    const match = pattern.exec(given.message);
    if (match !== null) return translate(match);
  }
  return given;
}

/** The trailers of a status, with the message percent-encoded only where gRPC demands it. */
export function statusTrailers({ status, message }: GrpcStatus): Record<string, string> {
  const encoded = [...Buffer.from(message)].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x25
      ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte),
  );
  return { "grpc-status": String(status), "grpc-message": encoded.join("") };
}
