import { readFileSync } from "node:fs";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import { eventTable } from "../../src/schema/event-table.ts";

/** A request that a real Centrifugo 6.9.1 sent, and the answer that a backend gave. */
export interface RecordedHttp {
  readonly event: string;
  readonly request: {
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  };
  readonly response?: { readonly status?: number; readonly body?: string };
}

/** A message in base64, and in proto3 JSON if its bytes are not broken. */
interface RecordedMessage {
  readonly base64: string;
  readonly json?: object;
}

export interface RecordedGrpc {
  readonly event: string;
  readonly request: {
    readonly headers: Record<string, string>;
    readonly messages: readonly RecordedMessage[];
  };
  readonly response?: {
    readonly message?: RecordedMessage;
    readonly messages?: readonly RecordedMessage[];
  };
}

interface Line {
  readonly scenario: string;
  readonly step: number;
  readonly protocol: "http" | "grpc";
  readonly exchanges: readonly (RecordedHttp | RecordedGrpc)[];
}

const lines = readFileSync(new URL("../fixtures/centrifugo-6.9.1-proxy.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);

/** All recorded exchanges of a transport, with scenario and step. */
export function recorded(protocol: "http"): [id: string, RecordedHttp][];
export function recorded(protocol: "grpc"): [id: string, RecordedGrpc][];
export function recorded(protocol: "http" | "grpc"): [string, RecordedHttp | RecordedGrpc][] {
  return lines
    .filter((line) => line.protocol === protocol)
    .flatMap(({ scenario, step, exchanges = [] }) =>
      exchanges.map((one): [string, RecordedHttp | RecordedGrpc] => [`${scenario} ${step}`, one]),
    );
}

const events = eventTable(CentrifugoProxy);

/** The event that a recording names, over HTTP in the words of the configuration, over gRPC as the RPC. */
export function eventNamed(name: string): ProxyEvent {
  const event = events.find(({ path, rpc }) => path === name || rpc.name === name);
  if (event === undefined) throw new Error(`there is no event ${name}`);
  return event;
}
