import type { CentClient, ClientOptions } from "../../src/index.ts";

/** The addresses and keys of a server with both APIs. */
export interface MistakenServer {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
  readonly grpcApiKey: string;
}

/** A mistake of a caller, and the end of the message that it gives. */
export interface Mistake {
  readonly title: string;
  readonly options: (server: MistakenServer) => ClientOptions;
  readonly error: string;
  readonly hint: (server: MistakenServer) => string;
  readonly call?: (cent: CentClient) => Promise<unknown>;
}

const originOf = (url: string) => new URL(url).origin;
const withTls = (url: string) => url.replace("http:", "https:");
const http = ({ httpUrl: url, apiKey }: MistakenServer): ClientOptions => ({ url, apiKey });
const grpc = ({ grpcUrl: url, grpcApiKey: apiKey }: MistakenServer): ClientOptions => ({
  transport: "grpc",
  url,
  apiKey,
});
const withoutKey = ({ apiKey: _, ...options }: ClientOptions): ClientOptions => options;
const connections = (cent: CentClient) => cent.connections({ user: "ann" });
const pro = () => "connections is a method of Centrifugo PRO, which an open-source server does not have";
const noTls = () => "the port speaks no TLS; use http:// in url";

/** Mistakes with a server without TLS. */
export const mistakes: readonly Mistake[] = [
  {
    title: "an address without /api",
    options: (server) => ({ ...http(server), url: originOf(server.httpUrl) }),
    error: "CentUnimplementedError",
    hint: ({ httpUrl }) => `url has no path; Centrifugo's API is usually at ${originOf(httpUrl)}/api`,
  },
  {
    title: "another path",
    options: (server) => ({ ...http(server), url: `${originOf(server.httpUrl)}/other/api` }),
    error: "CentUnimplementedError",
    hint: () => "the server is too old for this method, or url is not the address of its API",
  },
  {
    title: "an address of gRPC with a path",
    options: (server) => ({ ...grpc(server), url: `${server.grpcUrl}/api` }),
    error: "CentUnimplementedError",
    hint: () => "use a url without a path, as in http://localhost:10000",
  },
  {
    title: "a PRO method over HTTP",
    options: http,
    call: connections,
    error: "CentUnimplementedError",
    hint: pro,
  },
  {
    title: "a PRO method over gRPC",
    options: grpc,
    call: connections,
    error: "CentUnimplementedError",
    hint: pro,
  },
  {
    title: "the gRPC port for HTTP",
    options: (server) => ({ ...http(server), url: `${server.grpcUrl}/api` }),
    error: "CentNetworkError",
    hint: () => 'the port speaks no HTTP/1.1; use the port of the HTTP API (8000), or transport: "grpc"',
  },
  {
    title: "the HTTP port for gRPC",
    options: (server) => ({ ...grpc(server), url: originOf(server.httpUrl) }),
    error: "CentNetworkError",
    hint: () => 'the port speaks no HTTP/2; use the port of grpc_api (10000), or transport: "http"',
  },
  {
    title: "TLS for a plain HTTP port",
    options: (server) => ({ ...http(server), url: withTls(server.httpUrl) }),
    error: "CentNetworkError",
    hint: noTls,
  },
  {
    title: "TLS for a plain gRPC port",
    options: (server) => ({ ...grpc(server), url: withTls(server.grpcUrl) }),
    error: "CentNetworkError",
    hint: noTls,
  },
  {
    title: "no key over HTTP",
    options: (server) => withoutKey(http(server)),
    error: "CentUnauthorizedError",
    hint: () => "no apiKey was given; use the server's http_api.key",
  },
  {
    title: "a wrong key over HTTP",
    options: (server) => ({ ...http(server), apiKey: "wrong-key" }),
    error: "CentUnauthorizedError",
    hint: () => "apiKey is not the server's http_api.key",
  },
  {
    title: "no key over gRPC",
    options: (server) => withoutKey(grpc(server)),
    error: "CentUnauthorizedError",
    hint: () => "no apiKey was given; use the server's grpc_api.key",
  },
  {
    title: "a wrong key over gRPC",
    options: (server) => ({ ...grpc(server), apiKey: "wrong-key" }),
    error: "CentUnauthorizedError",
    hint: () => "apiKey is not the server's grpc_api.key",
  },
  {
    title: "a bearer token over HTTP",
    options: (server) => ({ ...withoutKey(http(server)), bearerToken: "a.b.c" }),
    error: "CentUnauthorizedError",
    hint: () => "bearerToken needs Centrifugo PRO; else use apiKey with the server's http_api.key",
  },
  {
    title: "a bearer token over gRPC",
    options: (server) => ({ ...withoutKey(grpc(server)), bearerToken: "a.b.c" }),
    error: "CentUnauthorizedError",
    hint: () => "bearerToken needs Centrifugo PRO; else use apiKey with the server's grpc_api.key",
  },
];

/** Mistakes with a server that expects TLS on both ports; its addresses begin with https://. */
export const tlsMistakes: readonly Mistake[] = [
  {
    title: "plain HTTP for a TLS port",
    options: (server) => ({ ...http(server), url: server.httpUrl.replace("https:", "http:") }),
    error: "CentTransportError",
    hint: () => "use https:// in url",
  },
  {
    title: "plain gRPC for a TLS port",
    options: (server) => ({ ...grpc(server), url: server.grpcUrl.replace("https:", "http:") }),
    error: "CentNetworkError",
    hint: () => "if the port expects TLS, use https:// in url",
  },
  {
    title: "plain HTTP for the gRPC port with TLS",
    options: (server) => ({ ...http(server), url: `${server.grpcUrl.replace("https:", "http:")}/api` }),
    error: "CentNetworkError",
    hint: () =>
      'nothing came from the server; if it is the port of gRPC, use transport: "grpc"; if it expects TLS, use https:// in url',
  },
  {
    title: "the gRPC port with TLS for HTTP",
    options: (server) => ({
      ...http(server),
      url: `${server.grpcUrl}/api`,
      tls: { rejectUnauthorized: false },
    }),
    error: "CentNetworkError",
    hint: () => 'nothing came from the server; if it is the port of gRPC, use transport: "grpc"',
  },
  {
    title: "the HTTP port with TLS for gRPC",
    options: (server) => ({
      ...grpc(server),
      url: originOf(server.httpUrl),
      tls: { rejectUnauthorized: false },
    }),
    error: "CentUnimplementedError",
    hint: () => 'the server speaks no gRPC there; use the port of grpc_api (10000), or transport: "http"',
  },
];
