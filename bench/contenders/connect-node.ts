import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CentrifugoApi } from "tscent/api";
import type { CreateContender } from "./contender.ts";
import { grpcApi } from "./grpc-api.ts";

/** Connect's client and gRPC transport, set up as Connect's documentation shows. */
export const stockConnectNode: CreateContender = ({ grpcUrl, apiKey }) => {
  const cent = createClient(CentrifugoApi, createGrpcTransport({ baseUrl: grpcUrl }));
  const options = { headers: { authorization: `apikey ${apiKey}` } };
  const { publish } = grpcApi({
    publish: (request) => cent.publish(request, options),
    batch: (request) => cent.batch(request, options),
    broadcast: (request) => cent.broadcast(request, options),
    history: (request) => cent.history(request, options),
  });
  return { publish, close: async () => {} };
};
