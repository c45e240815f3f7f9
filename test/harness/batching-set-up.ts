import type { CallOptions, CentClient, ClientOptions } from "../../src/index.ts";
import { CentError, createClient } from "../../src/index.ts";
import type { CentrifugoConfig, TestServer, TestServerOptions } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "./expected-error.ts";
import type { Protocol } from "./scripted-server.ts";

/** Channels with history, and the namespaces `binary` and `plain`. */
export const config = {
  http_api: { key: "api_key" },
  grpc_api: { key: "api_key" },
  channel: {
    without_namespace: { history_size: 1000, history_ttl: "300s", presence: true },
    namespaces: [
      { name: "binary", publication_data_format: "binary", history_size: 10, history_ttl: "300s" },
      { name: "plain" },
    ],
  },
} satisfies CentrifugoConfig;

/** The options of a client of a test server. */
export function clientOptions(protocol: Protocol, server: TestServer): ClientOptions {
  return {
    transport: protocol,
    url: protocol === "http" ? server.httpUrl : server.grpcUrl,
    apiKey: server.apiKey,
    // Most tests are about a single attempt.
    retry: false,
  };
}

/** A server, and a client that sends calls in batches to it. */
export async function startBatching(
  protocol: Protocol,
  {
    batching = true,
    ...options
  }: Pick<ClientOptions, "batching" | "timeoutMs" | "interceptors" | "apiKey"> = {},
  serverOptions: TestServerOptions = {},
) {
  const server = await startTestServer({ config, ...serverOptions });
  const cent = createClient({ ...clientOptions(protocol, server), batching, ...options });
  return {
    server,
    cent,
    /** The methods that the server received, with the number of commands in place of each batch. */
    requests: () =>
      server.calls.map(({ method, request }) => (method === "batch" ? sizeOf(request) : method)),
    async [Symbol.asyncDispose]() {
      // The server closes first, so that the client does not wait for the calls of a failed test.
      await server.close();
      await cent.close();
    },
  };
}

function sizeOf(request: Readonly<Record<string, unknown>>): number {
  return (request.commands as unknown[]).length;
}

/** Three calls in one turn of the event loop. */
export function three(cent: CentClient): [Promise<unknown>, Promise<unknown>, Promise<unknown>] {
  const data = { text: "hi" };
  return [
    cent.publish({ channel: "a", data }),
    cent.publish({ channel: "b", data }),
    cent.historyRemove({ channel: "c" }),
  ];
}

/** The reasons with which calls reject. */
export async function errorsOf(calls: readonly Promise<unknown>[]): Promise<unknown[]> {
  return Promise.all(calls.map(rejection));
}

/** Calls a method by its name. */
export function callByName(
  cent: CentClient,
  method: string,
  request: unknown,
  options?: CallOptions,
): Promise<object> {
  const call: (request: unknown, options?: CallOptions) => Promise<object> = Reflect.get(cent, method);
  return call(request, options);
}

/** The outcome of a call, comparable with that of the same call on another server. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** The outcome of a call, without values that differ between servers: epochs, ids and names of nodes, ports. */
export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    return { result: comparable(await call) };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function describeError(error: unknown): unknown {
  if (!(error instanceof CentError)) return error;
  const { name, method, message } = error;
  const { code, field, httpStatus, grpcStatus }: Record<string, unknown> = { ...error };
  const shown = message.replaceAll(/127\.0\.0\.1:\d+/g, "server");
  return { name, method, code, field, httpStatus, grpcStatus, message: shown };
}

function comparable(value: unknown): unknown {
  if (value instanceof CentError) return describeError(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const differing = "uid" in value ? ["uid", "name"] : ["epoch"];
  const entries = Object.entries(value).filter(([name]) => !differing.includes(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, comparable(inner)]));
}
