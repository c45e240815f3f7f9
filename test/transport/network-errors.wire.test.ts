import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { CentNetworkError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import { listen, unusedPort } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofBytes, ofHttp, ofReply, ofSockets, ofStreams } from "../harness/misbehaving-server.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols } from "../harness/scripted-server.ts";
import { serverCertificate } from "../harness/test-certificates.ts";

interface Case {
  readonly title: string;
  readonly server: StartServer | Readonly<Record<Protocol, StartServer>>;
  readonly scheme?: "https";
  /** A pattern that the message must match. */
  readonly says?: RegExp;
}

/** An unused port, without a server. */
const nobody: StartServer = async () => {
  const gone = { accepted: () => 0, sockets: new Set<never>(), [Symbol.asyncDispose]: async () => {} };
  return { ...gone, port: await unusedPort() } satisfies ListeningServer;
};

const tlsServer: StartServer = () =>
  listen(createTlsServer({ ...serverCertificate, ALPNProtocols: ["h2", "http/1.1"] }));

/** An empty SETTINGS frame, then the start of a HEADERS frame of 32 bytes. */
const cutHeaders = Buffer.from("000000040000000000" + "000020010400000001" + "888276", "hex");

function afterHeaders(next: (stream: ServerHttp2Stream) => void): StartServer {
  return ofStreams((stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    next(stream);
  });
}

const cases: readonly Case[] = [
  { title: "a refused connection", server: nobody, says: /^publish: connect ECONNREFUSED/ },
  { title: "a connection reset on accept", server: ofSockets((socket) => socket.resetAndDestroy()) },
  { title: "a connection closed on accept", server: ofSockets((socket) => socket.end()) },
  {
    title: "a connection reset before the reply",
    server: ofSockets((socket) => socket.once("data", () => socket.resetAndDestroy())),
  },
  {
    title: "a connection closed before the reply",
    server: {
      http: ofHttp((_request, response) => response.destroy()),
      grpc: ofStreams((stream) => stream.session?.destroy()),
    },
  },
  {
    title: "a connection closed inside the headers",
    server: {
      http: ofSockets((socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Le"))),
      grpc: ofSockets((socket) => socket.once("data", () => socket.end(cutHeaders))),
    },
  },
  {
    title: "a connection closed after the headers",
    server: {
      http: ofHttp((_request, response) => {
        response.writeHead(200, { "content-length": "13" }).flushHeaders();
        setImmediate(() => response.destroy());
      }),
      grpc: afterHeaders((stream) => setImmediate(() => stream.session?.destroy())),
    },
  },
  {
    title: "a connection closed inside the body",
    server: {
      http: ofHttp((_request, response) => {
        response.writeHead(200, { "content-length": "13" }).write('{"result"', () => response.destroy());
      }),
      grpc: afterHeaders((stream) => stream.write(Buffer.from([0, 0, 0]), () => stream.session?.destroy())),
    },
  },
  {
    title: "a connection closed after all but the end of the reply",
    server: {
      // A whole JSON text, but not the last chunk, which is empty.
      http: ofHttp((_request, response) => response.write('{"result":{}}', () => response.destroy())),
      // A whole message, but no trailers.
      grpc: afterHeaders((stream) =>
        stream.write(grpcFrame(new Uint8Array([18, 0])), () => stream.session?.destroy()),
      ),
    },
  },
  { title: "a TLS certificate that is not trusted", server: tlsServer, scheme: "https", says: /certificate/ },
  {
    title: "TLS to a port without it",
    scheme: "https",
    says: /^publish: TLS: [a-z ]+ \(/,
    server: { http: ofReply(200, '{"result":{}}'), grpc: ofStreams((stream) => stream.respond()) },
  },
  { title: "no TLS to a port with it", server: tlsServer },
  {
    title: "another protocol's greeting",
    server: ofSockets((socket) => socket.write("220 mail\r\n")),
  },
  { title: "binary noise", server: ofBytes(Buffer.alloc(64, 0xe7)) },
  {
    title: "the other version of HTTP",
    server: { http: ofStreams((stream) => stream.respond()), grpc: ofReply(200, '{"result":{}}') },
  },
];

describe.each(protocols)("%s: CentNetworkError", (protocol) => {
  test.each(cases)("$title is a CentNetworkError", async ({ server: start, scheme, says }) => {
    await using server = await (typeof start === "function" ? start : start[protocol])();
    const origin = `${scheme ?? "http"}://localhost:${server.port}`;
    await using client = clientOf(protocol, server, { timeoutMs: 5_000, url: `${origin}/` });
    const error = expectError(
      await rejection(client.publish({ channel: "chat", data: {} })),
      CentNetworkError,
    );
    expect(error.message).toMatch(/^publish: ./);
    // The origin in the message shows a mix-up with the other transport's port.
    expect(error.message).toContain(` (${origin})`);
    if (says !== undefined) expect(error.message).toMatch(says);
  });

  test("a name that DNS does not know is a CentNetworkError", async () => {
    const url = "http://does-not-exist.invalid";
    await using client = clientOf(protocol, { port: 0 }, { url, timeoutMs: 8_000 });
    const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    expect(error.message).toContain("does-not-exist.invalid");
  });
});

const resetCodes = [
  "NGHTTP2_NO_ERROR",
  "NGHTTP2_PROTOCOL_ERROR",
  "NGHTTP2_INTERNAL_ERROR",
  "NGHTTP2_FLOW_CONTROL_ERROR",
  "NGHTTP2_STREAM_CLOSED",
  "NGHTTP2_FRAME_SIZE_ERROR",
  "NGHTTP2_REFUSED_STREAM",
  "NGHTTP2_CANCEL",
  "NGHTTP2_ENHANCE_YOUR_CALM",
  "NGHTTP2_INADEQUATE_SECURITY",
  "NGHTTP2_HTTP_1_1_REQUIRED",
] as const;

describe("grpc: CentNetworkError", () => {
  test.each(resetCodes)("a stream reset with %s is a CentNetworkError", async (name) => {
    await using server = await ofStreams((stream) => stream.close(constants[name]))();
    await using client = clientOf("grpc", server);
    const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    expect(error.message).toContain(name.replace("NGHTTP2_", ""));
  });

  // NO_ERROR is left out: it says that the reply is complete, so only its status is missing.
  test.each(resetCodes.slice(1))(
    "a stream reset with %s after headers and a message is a CentNetworkError",
    async (name) => {
      const start = afterHeaders((stream) => {
        const message = grpcFrame(new Uint8Array([18, 0]));
        stream.write(message, () => setImmediate(() => stream.close(constants[name])));
      });
      await using server = await start();
      await using client = clientOf("grpc", server);
      expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    },
  );

  test.each(resetCodes.slice(1))(
    "a session that ends with GOAWAY and %s is a CentNetworkError",
    async (name) => {
      const start = ofStreams((stream) => {
        const { session } = stream;
        session?.goaway(constants[name]);
        setImmediate(() => session?.destroy());
      });
      await using server = await start();
      await using client = clientOf("grpc", server);
      expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    },
  );
});
