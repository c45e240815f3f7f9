// The ways to publish that are compared. Each does the same: it sends data, reads the reply and looks for an error.
import { createClient as createConnectClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CentClient } from "cent.js";
import type { CentClient as TscentClient } from "tscent";
import { createClient } from "tscent";
import { Pool } from "undici";
import { CentrifugoApi } from "../gen/centrifugal/centrifugo/api/api_pb.ts";
import type { BenchServer } from "./server.ts";

export interface Contender {
  readonly name: string;
  publish(channel: string, data: object): Promise<unknown>;
  close(): Promise<void>;
}

export function createContenders({ httpUrl, grpcUrl, apiKey }: BenchServer): Contender[] {
  return [
    undiciByHand(httpUrl, apiKey),
    tscent("tscent, HTTP", createClient({ url: httpUrl, apiKey })),
    centJs(httpUrl, apiKey),
    stockConnectNode(grpcUrl, apiKey),
    tscent("tscent, gRPC", createClient({ transport: "grpc", url: grpcUrl, apiKey })),
  ];
}

function tscent(name: string, cent: TscentClient): Contender {
  return { name, publish: (channel, data) => cent.publish({ channel, data }), close: () => cent.close() };
}

function undiciByHand(url: string, apiKey: string): Contender {
  const { origin, pathname } = new URL(`${url}/publish`);
  const pool = new Pool(origin);
  const headers = { "content-type": "application/json", "x-api-key": apiKey };
  return {
    name: "undici, by hand",
    async publish(channel, data) {
      const body = JSON.stringify({ channel, data });
      const reply = await pool.request({ path: pathname, method: "POST", headers, body });
      return checked((await reply.body.json()) as Reply);
    },
    close: () => pool.close(),
  };
}

function centJs(url: string, apiKey: string): Contender {
  const cent = new CentClient({ url, apiKey });
  return {
    name: "cent.js",
    publish: (channel, data) => cent.publish({ channel, data: { ...data } }),
    close: async () => {},
  };
}

function stockConnectNode(baseUrl: string, apiKey: string): Contender {
  const cent = createConnectClient(CentrifugoApi, createGrpcTransport({ baseUrl }));
  const headers = { authorization: `apikey ${apiKey}` };
  const encoder = new TextEncoder();
  return {
    name: "connect-node, stock gRPC",
    publish: async (channel, data) =>
      checked(await cent.publish({ channel, data: encoder.encode(JSON.stringify(data)) }, { headers })),
    close: async () => {},
  };
}

interface Reply {
  readonly error?: { readonly code: number } | undefined;
}

function checked(reply: Reply): Reply {
  if (reply.error !== undefined) throw new Error(`the server answered with error ${reply.error.code}`);
  return reply;
}
