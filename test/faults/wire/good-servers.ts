import { grpcFrame, ofReply, ofStreams, sendGrpc } from "../../harness/misbehaving-server.ts";
import { emptyResult as emptyMessage } from "./grpc-reply.ts";
import { emptyResult } from "./request-server.ts";

/** The body of a valid gRPC reply. */
export const goodBody = grpcFrame(emptyMessage);

/** Servers with valid replies. */
export const goodServers = {
  http: ofReply(200, emptyResult),
  grpc: ofStreams((stream) => sendGrpc(stream, { body: goodBody })),
};
