import { describe, inject } from "vitest";
import { findCentrifugo } from "../../scripts/real-centrifugo.ts";
import type { CentClient, ClientOptions, DefaultService, Int64 } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import type { CentrifugoConfig, TestServerOptions } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import suiteConfig from "./config.json" with { type: "json" };
import { runsAlready } from "./find-real-server.ts";
import type { Receiver } from "./receiver.ts";
import { connectEmbedded, connectOverWebSocket } from "./receiver.ts";

/** A server that a suite runs against: the embedded one, or a real Centrifugo. */
export interface ServerUnderTest extends AsyncDisposable {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
  /** Connects a client of a user, which subscribes to channels at once. */
  connect(user: string, channels?: readonly string[]): Promise<Receiver>;
}

/** A kind of server, and how to start one with a configuration. */
export interface ServerKind {
  readonly name: string;
  readonly isReal: boolean;
  start(config?: CentrifugoConfig, options?: TestServerOptions): Promise<ServerUnderTest>;
}

export const embedded: ServerKind = {
  name: "the embedded server",
  isReal: false,
  async start(config = suiteConfig, options = {}) {
    const server = await startTestServer({ ...options, config });
    const { httpUrl, grpcUrl, apiKey } = server;
    return {
      ...{ httpUrl, grpcUrl, apiKey },
      connect: async (user, channels = []) => connectEmbedded(server, user, channels),
      [Symbol.asyncDispose]: () => server.close(),
    };
  },
};

const { location, missing } = inject("realServer");

/** A real Centrifugo; undefined if there is none. */
export const real: ServerKind | undefined = location && {
  name: "a real Centrifugo",
  isReal: true,
  async start(config = suiteConfig) {
    const server = await findCentrifugo(config);
    if (server === undefined) throw new Error("the Centrifugo that was there a moment ago is gone");
    const receivers: Receiver[] = [];
    return {
      ...server,
      async connect(user, channels = []) {
        const receiver = await connectOverWebSocket(server.httpUrl, user, channels);
        receivers.push(receiver);
        return receiver;
      },
      async [Symbol.asyncDispose]() {
        for (const receiver of receivers) receiver.close();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

/** Why cases cannot run against a real server: none, or a running one where they start their own; "" if they can. */
export function whyNotReal(needs: "config.json" | "a configuration of its own"): string {
  const startsOwn = needs === "a configuration of its own";
  return startsOwn && location !== undefined && !("binary" in location) ? runsAlready : missing;
}

/** Declares a suite for the embedded server and for a real one. Cases that cannot run show as skipped. */
export function describeEachServer(
  declare: (kind: ServerKind) => void,
  { needs }: { needs: Parameters<typeof whyNotReal>[0] },
): void {
  describe(embedded.name, () => declare(embedded));
  const obstacle = whyNotReal(needs);
  if (real !== undefined && obstacle === "") describe(real.name, () => declare(real));
  else describe.skip(`a real Centrifugo (skipped: ${obstacle})`, () => declare(real ?? embedded));
}

export const transports = ["http", "grpc"] as const;
export type TransportName = (typeof transports)[number];

/** A client of a server, over one of its transports. */
export function clientOf<const Mode extends Int64 = "number">(
  server: ServerUnderTest,
  transport: TransportName,
  options: Pick<ClientOptions<DefaultService, Mode>, "apiKey" | "headers" | "int64"> = {},
): CentClient<DefaultService, Mode> {
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  return createClient<DefaultService, Mode>({ apiKey: server.apiKey, ...options, transport, url });
}
