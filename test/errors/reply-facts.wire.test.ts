import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:tls";
import type { Interceptor } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { CentError, ClientOptions } from "../../src/index.ts";
import { CentNetworkError, CentTransportError, CentUnimplementedError } from "../../src/index.ts";
import { clientOf, rejection } from "../harness/expected-error.ts";
import { listen, unusedPort } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { ofGrpcHeaders, ofReply, ofSockets, ofStreams, sendGrpc } from "../harness/misbehaving-server.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols } from "../harness/scripted-server.ts";
import { serverCertificate } from "../harness/test-certificates.ts";

/** The error of a publish to a server. */
async function failure(
  protocol: Protocol,
  start: StartServer,
  options: Partial<Omit<ClientOptions, "int64" | "service">> = {},
): Promise<CentError> {
  await using server = await start();
  await using client = clientOf(protocol, server, { timeoutMs: 5_000, ...options });
  return (await rejection(client.publish({ channel: "chat", data: 1 }))) as CentError;
}

/** An error status with headers. */
const refusing = (headers: Record<string, string>): Record<Protocol, StartServer> => ({
  http: ofReply(503, "", headers),
  grpc: ofGrpcHeaders({ "grpc-status": "14", ...headers }),
});

describe.each(protocols)("%s: facts of an error", (protocol) => {
  test("an error has the headers of the reply, with names in lower case", async () => {
    const error = await failure(protocol, refusing({ "X-Request-ID": "17", "Retry-After": "7" })[protocol]);
    expect(error.headers).toMatchObject({ "x-request-id": "17", "retry-after": "7" });
    expect(error.retryAfterMs).toBe(7_000);
  });

  test("interceptors see the headers of the reply as metadata", async () => {
    let metadata: Headers | undefined;
    const watching: Interceptor = (next) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        if (error instanceof ConnectError) metadata = error.metadata;
        throw error;
      }
    };
    const start = refusing({ "x-request-id": "17" })[protocol];
    const error = await failure(protocol, start, { interceptors: [watching] });
    expect(metadata?.get("x-request-id")).toBe("17");
    expect(error.headers).toMatchObject({ "x-request-id": "17" });
  });

  test("an error of the API has the headers of its reply, with the trailers of gRPC", async () => {
    const body = '{"error":{"code":107,"message":"bad request"}}';
    const grpc = ofStreams((stream) => {
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "x-request-id": "17" },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "x-trailer": "18" }));
      const said = Buffer.from("\x08\x6b\x12\x0bbad request", "latin1");
      const message = Buffer.concat([Buffer.from([0x0a, said.length]), said]);
      const prefix = Buffer.from([0, 0, 0, 0, message.length]);
      stream.end(Buffer.concat([prefix, message]));
    });
    const start = protocol === "http" ? ofReply(200, body, { "x-request-id": "17" }) : grpc;
    const error = await failure(protocol, start);
    expect(error).toMatchObject({ name: "CentApiResponseError", code: 107, serverMessage: "bad request" });
    expect(error.headers).toMatchObject({ "x-request-id": "17" });
    if (protocol === "grpc") expect(error.headers).toMatchObject({ "x-trailer": "18" });
  });

  test("a refused connection gives the code ECONNREFUSED", async () => {
    const port = await unusedPort();
    await using client = clientOf(protocol, { port });
    const error = await rejection(client.info());
    expect(error).toMatchObject({ name: "CentNetworkError", code: "ECONNREFUSED", maybeExecuted: false });
    expect((error as CentError).headers).toBeUndefined();
  });

  test("an untrusted certificate gives the code of OpenSSL", async () => {
    const start: StartServer = () =>
      listen(createTlsServer({ ...serverCertificate, ALPNProtocols: ["h2", "http/1.1"] }));
    await using server = await start();
    await using client = clientOf(protocol, server, { url: `https://localhost:${server.port}/` });
    expect(await rejection(client.info())).toMatchObject({
      name: "CentNetworkError",
      code: expect.stringMatching(/^(?:UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/),
      maybeExecuted: false,
    });
  });

  test("a certificate of another host gives a CentNetworkError of a call that was not executed", async () => {
    await using server = await listen(createSecureServer({ ...serverCertificate, allowHTTP1: true }));
    const tls = { ca: serverCertificate.cert, servername: "other.test" };
    const url = `https://localhost:${server.port}/`;
    await using client = clientOf(protocol, server, { url, tls });
    expect(await rejection(client.info())).toMatchObject({ name: "CentNetworkError", maybeExecuted: false });
  });

  test("a connection that breaks during the call gives the code of its reset", async () => {
    const error = await failure(
      protocol,
      ofSockets((socket) => socket.once("data", () => socket.resetAndDestroy())),
    );
    expect(error).toBeInstanceOf(CentNetworkError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET|ERR_HTTP2_)/) });
  });

  test("an error has httpStatus or grpcStatus, and no status", async () => {
    const error = await failure(protocol, refusing({})[protocol]);
    expect(error).toBeInstanceOf(CentTransportError);
    const { httpStatus, grpcStatus } = error as CentTransportError;
    expect([httpStatus, grpcStatus]).toEqual(protocol === "http" ? [503, undefined] : [undefined, 14]);
    expect("status" in error).toBe(false);
  });

  test("an error says how often the request was sent", async () => {
    const retry = { baseDelayMs: 1, maxAttempts: 2 };
    const http = ofReply(429);
    // The server did not execute refused streams, either.
    const grpc = ofStreams((stream) => stream.close(7));
    const error = await failure(protocol, protocol === "http" ? http : grpc, { retry });
    expect([error.attempts, error.maybeExecuted]).toEqual([2, false]);
  });
});

describe("grpc: facts of a status", () => {
  test("an error has the trailers among its headers, and a trailer replaces a header of its name", async () => {
    const start = ofStreams((stream) => {
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "x-both": "header", "x-header": "1" },
        { waitForTrailers: true },
      );
      const trailers = { "grpc-status": "13", "X-Trailer": "2", "x-both": "trailer" };
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end();
    });
    const error = await failure("grpc", start);
    expect(error.headers).toMatchObject({ "x-header": "1", "x-trailer": "2", "x-both": "trailer" });
  });

  test("a reply that is not gRPC gives httpStatus", async () => {
    const start = ofGrpcHeaders({ ":status": 502, "content-type": "text/html" });
    const error = (await failure("grpc", start)) as CentTransportError;
    expect([error.httpStatus, error.grpcStatus]).toEqual([502, undefined]);
  });

  test("a reply without a status gives grpcStatus 2, and an unknown status its number", async () => {
    const none = ofStreams((stream) => sendGrpc(stream, { trailers: undefined }));
    const odd = ofGrpcHeaders({ "grpc-status": "99" });
    for (const [start, grpcStatus] of [
      [none, 2],
      [odd, 99],
    ] as const)
      expect(await failure("grpc", start)).toMatchObject({ grpcStatus, httpStatus: undefined });
  });

  test("UNIMPLEMENTED gives a CentUnimplementedError with its status", async () => {
    const error = await failure("grpc", ofGrpcHeaders({ "grpc-status": "12" }));
    expect(error).toBeInstanceOf(CentUnimplementedError);
    expect(error).toMatchObject({ grpcStatus: 12 });
  });
});
