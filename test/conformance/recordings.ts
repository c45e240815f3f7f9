import { readFileSync } from "node:fs";
import type { CentrifugoConfig } from "../../src/testing/index.ts";

export interface HttpExchange {
  readonly protocol: "http";
  readonly request: { method: string; path: string; headers: Record<string, string>; body: string };
  readonly response: { status: number; contentType: string | null; body: string };
}

export interface GrpcExchange {
  readonly protocol: "grpc";
  readonly request: { rpc: string; metadata: Record<string, string>; message: string };
  readonly response: {
    httpStatus: number;
    grpcStatus: string;
    grpcMessage: string;
    grpcStatusDetailsBin: string | null;
    message: string | null;
    messageJson: unknown;
  };
}

export type Exchange = (HttpExchange | GrpcExchange) & { readonly step: number; readonly note?: string };

interface RecordedClient {
  readonly token: string;
  readonly channels: string[];
}

/** One scenario: a fresh server, its clients and its exchanges. */
export interface Scenario {
  readonly name: string;
  readonly config: CentrifugoConfig;
  readonly clients: readonly { user: string; channels: string[] }[];
  readonly exchanges: readonly Exchange[];
}

interface Line {
  readonly scenario: string;
  readonly config?: {
    namespaces: NonNullable<NonNullable<CentrifugoConfig["channel"]>["namespaces"]>;
    clients: RecordedClient[];
  };
}

const file = new URL("../fixtures/centrifugo-6.9.1.jsonl", import.meta.url);

/** The exchanges recorded from a real Centrifugo 6.9.1, by scenario. */
export function readScenarios(): Scenario[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const parsed = lines.map((line) => JSON.parse(line) as Line & Exchange);
  return [...Map.groupBy(parsed, (line) => line.scenario)].map(([name, exchanges]) => {
    const recorded = exchanges[0]?.config ?? { namespaces: [], clients: [] };
    return {
      name,
      config: {
        http_api: { key: "api_key" },
        grpc_api: { enabled: true, key: "api_key" },
        client: { token: { hmac_secret_key: "secret" }, allowed_origins: ["*"] },
        shared_poll: { hmac_secret_key: "secret" },
        channel: {
          without_namespace: {
            history_size: 100,
            history_ttl: "300s",
            presence: true,
            allow_subscribe_for_client: true,
          },
          namespaces: recorded.namespaces,
          proxy: { shared_poll_refresh: { endpoint: "http://127.0.0.1:1/" } },
        },
      },
      clients: recorded.clients.map(({ token, channels }) => ({ user: tokenUser(token), channels })),
      exchanges,
    };
  });
}

function tokenUser(token: string): string {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return (JSON.parse(payload) as { sub: string }).sub;
}
