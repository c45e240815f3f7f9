import { createServer as createTlsServer } from "node:tls";
import type { CentClient, ClientOptions } from "../../src/index.ts";
import { unwrap } from "../../src/index.ts";
import { listen, unusedPort } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import {
  grpcFrame,
  ofGrpcHeaders,
  ofGrpcReply,
  ofHttp,
  ofReply,
  ofSockets,
  ofStreams,
} from "../harness/misbehaving-server.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { serverCertificate } from "../harness/test-certificates.ts";

type Options = Partial<Omit<ClientOptions, "int64" | "service">>;

/** A failure of a call, and whether the call may have been executed. */
export interface FailureCase {
  readonly error: string;
  readonly title: string;
  readonly server: Readonly<Record<Protocol, StartServer>> | StartServer;
  readonly maybeExecuted: boolean | Readonly<Record<Protocol, boolean>>;
  readonly options?: Options & { readonly https?: boolean };
  readonly call?: (client: CentClient) => Promise<unknown>;
}

/** A reply with an error of the API. */
function apiError(code: number): Record<Protocol, StartServer> {
  const error = Buffer.from([8, code, 18, 1, 120]);
  return {
    http: ofReply(200, `{"error":{"code":${code},"message":"x"}}`),
    grpc: ofGrpcReply({ body: grpcFrame(Buffer.from([10, error.length, ...error])) }),
  };
}

/** A reply with two responses, of which the first has an error. */
function partly(code: number): Record<Protocol, StartServer> {
  const responses = Buffer.from([10, 7, 10, 5, 8, code, 18, 1, 120, 10, 2, 18, 0]);
  return {
    http: ofReply(200, `{"result":{"responses":[{"error":{"code":${code},"message":"x"}},{"result":{}}]}}`),
    grpc: ofGrpcReply({ body: grpcFrame(Buffer.from([18, responses.length, ...responses])) }),
  };
}

const status = (http: number, grpc: number, message = ""): Record<Protocol, StartServer> => ({
  http: ofReply(http),
  grpc: ofGrpcHeaders({ "grpc-status": grpc, "grpc-message": message }),
});

const broadcast = async (client: CentClient) => {
  const { responses } = await client.broadcast({ channels: ["a", "b"], data: 1 });
  unwrap(responses);
};

const silent = { http: ofHttp(() => {}), grpc: ofStreams(() => {}) };
const nobody: StartServer = async () => {
  const gone = { accepted: () => 0, sockets: new Set<never>(), [Symbol.asyncDispose]: async () => {} };
  return { ...gone, port: await unusedPort() };
};
const empty = grpcFrame(Buffer.from([18, 0]));
export const fine = { http: ofReply(200, '{"result":{}}'), grpc: ofGrpcReply({ body: empty }) };
const tlsServer = () => listen(createTlsServer({ ...serverCertificate, ALPNProtocols: ["h2", "http/1.1"] }));
const failing = (message: string): Options => ({
  interceptors: [
    () => () => {
      throw new Error(message);
    },
  ],
});

/** Failures of each class. */
export const failureCases: readonly FailureCase[] = [
  {
    error: "CentRequestError",
    title: "a wrong field",
    server: fine,
    call: (client) => client.publish({ channel: "a", data: 1, limit: 1 } as never),
    maybeExecuted: false,
  },
  {
    error: "CentRequestError",
    title: "a key function that fails",
    server: fine,
    options: { apiKey: () => Promise.reject(new Error("no key")) },
    maybeExecuted: false,
  },
  { error: "CentApiResponseError", title: "BAD_REQUEST", server: apiError(107), maybeExecuted: false },
  { error: "CentApiResponseError", title: "INTERNAL", server: apiError(100), maybeExecuted: true },
  { error: "CentNetworkError", title: "a refused connection", server: nobody, maybeExecuted: false },
  {
    error: "CentNetworkError",
    title: "an untrusted certificate",
    server: tlsServer,
    options: { https: true },
    maybeExecuted: false,
  },
  {
    error: "CentNetworkError",
    title: "a connection that breaks during the call",
    server: {
      http: ofHttp((_request, response) => response.destroy()),
      grpc: ofStreams((stream) => stream.session?.destroy()),
    },
    maybeExecuted: true,
  },
  {
    error: "CentTimeoutError",
    title: "a connection that is never made",
    server: ofSockets((socket) => socket.resume()),
    options: { timeoutMs: 60, https: true },
    maybeExecuted: false,
  },
  {
    error: "CentTimeoutError",
    title: "a reply that never comes",
    server: silent,
    options: { timeoutMs: 500 },
    maybeExecuted: true,
  },
  { error: "CentUnauthorizedError", title: "a 401", server: status(401, 16), maybeExecuted: false },
  { error: "CentTransportError", title: "a failing gateway", server: status(502, 14), maybeExecuted: true },
  { error: "CentTransportError", title: "a failing server", server: status(500, 13), maybeExecuted: true },
  {
    error: "CentTransportError",
    title: "a refused form",
    server: status(400, 3),
    maybeExecuted: false,
  },
  {
    error: "CentTransportError",
    title: "too many requests",
    server: status(429, 8),
    // RESOURCE_EXHAUSTED may also mean a response that is too large.
    maybeExecuted: { http: false, grpc: true },
  },
  {
    error: "CentTransportError",
    title: "a request that is too large",
    server: status(413, 8, "received message larger than max (9 vs. 1)"),
    maybeExecuted: false,
  },
  {
    error: "CentTransportError",
    title: "a redirect",
    server: status(301, 13),
    maybeExecuted: { http: false, grpc: true },
  },
  { error: "CentUnimplementedError", title: "a 404", server: status(404, 12), maybeExecuted: false },
  {
    error: "CentQueueFullError",
    title: "a full queue",
    server: silent,
    options: { maxInFlight: 1, maxQueued: 1, timeoutMs: 60 },
    call: async (client) => {
      client.info().catch(() => {});
      // Over gRPC the first call waits for its connection.
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.info().catch(() => {});
      await client.info();
    },
    maybeExecuted: false,
  },
  {
    error: "CentDecodeError",
    title: "an unreadable reply",
    server: { http: ofReply(200, "<html>"), grpc: ofGrpcReply({ body: grpcFrame(Buffer.alloc(9, 0xff)) }) },
    maybeExecuted: true,
  },
  {
    error: "CentDecodeError",
    title: "a reply with neither error nor result",
    server: { http: ofReply(200, "{}"), grpc: ofGrpcReply({ body: grpcFrame(Buffer.alloc(0)) }) },
    maybeExecuted: true,
  },
  {
    error: "CentPartialError",
    title: "an unknown channel",
    server: partly(102),
    call: broadcast,
    maybeExecuted: false,
  },
  {
    error: "CentPartialError",
    title: "an error INTERNAL in a response",
    server: partly(100),
    call: broadcast,
    maybeExecuted: true,
  },
  {
    error: "CentError",
    title: "an interceptor that fails before the call",
    server: fine,
    options: failing("x"),
    maybeExecuted: true,
  },
];
