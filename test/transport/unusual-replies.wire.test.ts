import { createServer } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { CentTimeoutError, CentTransportError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import { listen, until } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofHttp, ofSockets, ofStreams, sendGrpc } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols } from "../harness/scripted-server.ts";

// In HistoryResponse, field 2 is the result. In the result, field 2 is the epoch and field 3 the offset.
const message = grpcFrame(Buffer.from("1208120465706f63" + "1807", "hex"));
const json = '{"result":{"publications":[],"epoch":"epoc","offset":7}}';
const result = resultOf("history", { publications: [], epoch: "epoc", offset: 7 });
const none = resultOf("info", { nodes: [] });
const emptyInfo = grpcFrame(new Uint8Array([18, 0]));

const cases: readonly { title: string; servers: Record<Protocol, StartServer> }[] = [
  {
    title: "a reply in single bytes",
    servers: {
      http: ofHttp(async (_request, response) => {
        for (const byte of Buffer.from(json)) {
          response.write(Buffer.of(byte));
          await sleep(0);
        }
        response.end();
      }),
      grpc: ofStreams(async (stream) => {
        stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        for (const byte of message) {
          stream.write(Buffer.of(byte));
          await sleep(0);
        }
        stream.end();
      }),
    },
  },
  {
    title: "an informational reply first",
    servers: {
      http: ofHttp((_request, response) => {
        response.writeEarlyHints({ link: "</style.css>; rel=preload" });
        response.end(json);
      }),
      grpc: ofStreams((stream) => {
        stream.additionalHeaders({ ":status": 103 });
        sendGrpc(stream, { body: message });
      }),
    },
  },
  {
    title: "a reply that ends with its connection",
    servers: {
      http: ofSockets((socket) => socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\n\r\n${json}`))),
      grpc: ofStreams((stream) => {
        stream.session?.goaway();
        sendGrpc(stream, { body: message });
        stream.session?.close();
      }),
    },
  },
];

describe.each(protocols)("%s", (protocol) => {
  test.each(cases)("$title is a success", async ({ servers }) => {
    await using server = await servers[protocol]();
    await using client = clientOf(protocol, server);
    expect(await client.history({ channel: "chat" })).toEqual(result);
    expect(await client.history({ channel: "chat" })).toEqual(result);
  });

  test("a call rejects with a refusal that comes while its request is still being sent", async () => {
    const refusal = protocol === "http" ? 413 : 8;
    await using server = await refusing(protocol);
    await using client = clientOf(protocol, server);
    const big = "x".repeat(3 << 20);
    for (let call = 0; call < 3; call++) {
      const error = await rejection(client.publish({ channel: "chat", data: big }));
      const { httpStatus, grpcStatus } = expectError(error, CentTransportError);
      expect(httpStatus ?? grpcStatus).toBe(refusal);
    }
  });
});

/** A server that refuses by the headers alone, and reads on. */
function refusing(protocol: Protocol): Promise<ListeningServer> {
  if (protocol === "http") {
    return ofSockets((socket) => {
      const head = "HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
      socket.once("data", () => socket.write(head)).resume();
    })();
  }
  const server = createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => stream.destroy());
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-status": "8" },
      { endStream: true },
    );
    stream.close(0);
  });
  return listen(server);
}

describe("grpc: a server that takes few streams at once", () => {
  /** The first `hanging` calls hang until the client gives them up. */
  async function start(maxConcurrentStreams: number, hanging: number) {
    let streams = 0;
    let ended = 0;
    const http2 = createServer({ settings: { maxConcurrentStreams } });
    http2.on("stream", (stream) => {
      stream.on("error", () => stream.destroy());
      stream.resume().on("close", () => ended++);
      if (streams++ >= hanging) setTimeout(() => sendGrpc(stream, { body: emptyInfo }), 1);
    });
    const server = await listen(http2);
    return { ...server, streams: () => streams, ended: () => ended };
  }

  test("calls that are given up before their turn let the others pass", async () => {
    await using server = await start(1, 1);
    await using client = clientOf("grpc", server, { timeoutMs: 2_000 });
    const reason = new Error("enough");
    const first = new AbortController();
    const hanging = rejection(client.info({}, { signal: first.signal }));
    await until(() => server.streams() === 1, "the first call arrives");
    const waiting = Array.from({ length: 5 }, () => rejection(client.info({}, { timeoutMs: 50 })));
    for (const error of await Promise.all(waiting)) expectError(error, CentTimeoutError, { method: "info" });
    first.abort(reason);
    expect(await hanging).toBe(reason);
    await until(() => server.ended() === 1, "the server sees the end of the first call");
    expect(await client.info()).toEqual(none);
  });
});
