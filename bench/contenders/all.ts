import type { BenchAddresses } from "../server.ts";
import { centJs } from "./cent-js.ts";
import { stockConnectNode } from "./connect-node.ts";
import type { Contender, CreateContender } from "./contender.ts";
import { fetchByHand } from "./fetch.ts";
import { grpcJs } from "./grpc-js.ts";
import { http2ByHand } from "./http2.ts";
import { batching, intercepted, publishMany, tscent } from "./tscent.ts";
import { undiciByHand } from "./undici.ts";

const all: Readonly<Record<string, CreateContender>> = {
  "undici by hand": undiciByHand,
  "fetch by hand": fetchByHand,
  "cent.js": centJs,
  "tscent HTTP": tscent("HTTP"),
  "tscent HTTP, an interceptor": intercepted("HTTP"),
  "tscent HTTP, batching": batching("HTTP"),
  "tscent HTTP, publishMany": publishMany("HTTP"),
  "node:http2 by hand": http2ByHand,
  "grpc-js": grpcJs,
  "stock connect-node": stockConnectNode,
  "tscent gRPC": tscent("gRPC"),
  "tscent gRPC, an interceptor": intercepted("gRPC"),
  "tscent gRPC, batching": batching("gRPC"),
  "tscent gRPC, publishMany": publishMany("gRPC"),
};

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** All contenders that run within this process, and why the others do not. */
export function createContenders(server: BenchAddresses): {
  contenders: Map<string, Contender>;
  leftOut: LeftOut[];
} {
  const contenders = new Map<string, Contender>();
  const leftOut: LeftOut[] = [];
  for (const [name, create] of Object.entries(all)) {
    try {
      contenders.set(name, create(server));
    } catch (error) {
      leftOut.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { contenders, leftOut };
}
