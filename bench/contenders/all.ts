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

export const contenderNames: readonly string[] = Object.keys(all);

/** A contender by its name, or the reason why it cannot take part. */
export function createContender(name: string, server: BenchAddresses): Contender | { reason: string } {
  try {
    const create = all[name];
    if (create === undefined) throw new TypeError("there is no such contender");
    return create(server);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
