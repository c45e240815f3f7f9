import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createClient } from "../../../src/index.ts";
import { rejection } from "../../harness/expected-error.ts";
import { succeed } from "../../harness/observed-grpc.ts";
import { resultOf } from "../../harness/result-of.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { ca, serverCertificate } from "../../harness/test-certificates.ts";

/** A server at a Unix socket, and the hosts and paths that it was asked for. */
async function listenAtPath(protocol: (typeof protocols)[number], isSecure: boolean) {
  const asked: string[] = [];
  const answer: Parameters<typeof createHttpServer>[1] = (request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    request.resume();
    response.end('{"result":{}}');
  };
  const httpServer = () =>
    isSecure ? createHttpsServer(serverCertificate, answer) : createHttpServer(answer);
  const grpcServer = () =>
    (isSecure ? createSecureServer(serverCertificate) : createHttp2Server()).on(
      "stream",
      (stream, headers) => {
        asked.push(`${headers[":authority"]}${headers[":path"]}`);
        stream.resume();
        succeed(stream);
      },
    );
  const server = (protocol === "http" ? httpServer() : grpcServer()) as Server;
  const folder = mkdtempSync(join(tmpdir(), "tscent-"));
  const path = join(folder, "centrifugo.sock");
  server.listen(path);
  await once(server, "listening");
  const end = async () => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { asked, path, [Symbol.asyncDispose]: end };
}

describe.each(protocols)("%s: socketPath", (protocol) => {
  test.each([
    ["http", {}],
    ["https", { tls: { ca } }],
  ])("a url with %s: gives the host and the path of a request over socketPath", async (scheme, options) => {
    await using server = await listenAtPath(protocol, scheme === "https");
    await using client = createClient({
      transport: protocol,
      url: `${scheme}://localhost:1/under`,
      socketPath: server.path,
      ...options,
    });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    const method = protocol === "http" ? "info" : "centrifugal.centrifugo.api.CentrifugoApi/Info";
    expect(server.asked).toEqual([`localhost:1/under/${method}`]);
  });

  test("a certificate over socketPath must have the url's name", async () => {
    await using server = await listenAtPath(protocol, true);
    await using client = createClient({
      transport: protocol,
      url: "https://other.test/",
      socketPath: server.path,
      tls: { ca },
      retry: false,
    });
    expect(await rejection(client.info())).toMatchObject({
      name: "CentNetworkError",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });
});
