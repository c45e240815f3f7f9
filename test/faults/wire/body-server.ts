import type { Writable } from "node:stream";
import { ofHttp, ofStreams } from "../../harness/misbehaving-server.ts";
import type { StartFaulty } from "../fault.ts";

/** Replies whose body `write` gives. Over gRPC, a prefix announces `length` bytes. */
export function ofBody(
  write: (to: Writable, protocol: "http" | "grpc") => void,
  length = 2 ** 31,
): Record<"http" | "grpc", StartFaulty> {
  return {
    http: ofHttp((_request, response) => write(response, "http")),
    grpc: ofStreams((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(length, 1);
      stream.write(prefix);
      write(stream, "grpc");
    }),
  };
}
