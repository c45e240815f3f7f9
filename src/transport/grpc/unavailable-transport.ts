/** Replaces `transport.ts` in runtimes without `node:http2`. */
export function createGrpcTransport(): never {
  throw new TypeError(
    'transport: "grpc" needs node:http2, which this runtime does not have; expected "http"',
  );
}
