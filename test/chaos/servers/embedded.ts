import type { TestServer, TestServerOptions } from "tscent/testing";
import { startTestServer } from "tscent/testing";
import { freePort } from "./ports.ts";

/** The key of each server of a run. */
export const apiKey = "api_key";

/** Histories that hold each publication of a run. */
export const history = { history_size: 10_000_000, history_ttl: "24h" };

const clearingMs = 1_000;

/** The embedded server with these histories. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly server: TestServer;
  readonly urls: Readonly<Record<"http" | "grpc", string>>;
  readonly ports: Readonly<Record<"http" | "grpc", number>>;
}

export async function startEmbedded(options: TestServerOptions = {}): Promise<EmbeddedServer> {
  const ports = { http: await freePort(), grpc: await freePort() };
  const server = await startTestServer({
    httpPort: ports.http,
    grpcPort: ports.grpc,
    config: {
      http_api: { key: apiKey },
      grpc_api: { enabled: true, key: apiKey },
      channel: { without_namespace: history },
    },
    ...options,
  });
  // A run makes hundreds of thousands of calls, and no check reads them here.
  const clearing = setInterval(() => server.clearCalls(), clearingMs);
  return {
    server,
    urls: { http: server.httpUrl, grpc: server.grpcUrl },
    ports,
    async [Symbol.asyncDispose]() {
      clearInterval(clearing);
      await server.close();
    },
  };
}
