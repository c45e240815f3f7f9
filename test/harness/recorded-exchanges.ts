import { readFileSync } from "node:fs";
import type { JsonObject } from "@bufbuild/protobuf";
import { CentrifugoApi } from "#api";
import type { Method } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";

export interface HttpExchange {
  readonly request: { method: string; path: string; headers: Record<string, string>; body: string };
  readonly response: { status: number; body: string };
}

export interface GrpcExchange {
  /** Messages in base64, and the same in proto3 JSON. */
  readonly request: { rpc: string; message: string; messageJson: JsonObject };
  readonly response: {
    grpcStatus: string;
    grpcMessage: string;
    grpcStatusDetailsBin: string | null;
    message: string | null;
    messageJson: JsonObject | null;
  };
}

interface Line {
  readonly scenario: string;
  readonly step: number;
  readonly note?: string;
  readonly protocol: "http" | "grpc";
}

/** The HTTP requests and replies recorded from a real Centrifugo 6.9.1, each with its scenario and step. */
export function httpExchanges(): [id: string, HttpExchange][] {
  return lines("http") as [string, HttpExchange & Line][];
}

/** The same over gRPC. */
export function grpcExchanges(): [id: string, GrpcExchange][] {
  return lines("grpc") as [string, GrpcExchange & Line][];
}

const table = methodTable(CentrifugoApi);

/** The method that a recorded path or RPC names; undefined for none. */
export function methodOf(request: { path: string } | { rpc: string }): Method | undefined {
  if ("rpc" in request) return table.methods.find(({ rpc }) => rpc.name === request.rpc);
  const [, path] = /^\/api\/([a-z_]+)(?:\?.*)?$/.exec(request.path) ?? [];
  return path === undefined ? undefined : table.byPath(path);
}

function lines(protocol: Line["protocol"]): [string, Line][] {
  const text = readFileSync(new URL("../fixtures/centrifugo-6.9.1.jsonl", import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.protocol === protocol)
    .map((line) => [`${line.scenario} ${line.step}`, line]);
}
