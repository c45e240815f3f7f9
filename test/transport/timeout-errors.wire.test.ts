import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import type { ClientOptions } from "../../src/index.ts";
import { CentRequestError, CentTimeoutError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { until } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofHttp, ofSockets, ofStreams } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { differences, testOfOurs } from "../harness/stock-grpc/test-of-ours.ts";

const timeoutMs = 120;
const never = <T>() => new Promise<T>(() => {});
const info = create(InfoResponseSchema, { result: { nodes: [] } });

const silent = ofSockets((socket) => socket.resume());
const noReply: Record<Protocol, StartServer> = { http: ofHttp(() => {}), grpc: ofStreams(() => {}) };

/** Sends headers and `first`, and no more. */
function stalling(first: Record<Protocol, Uint8Array | string>): Record<Protocol, StartServer> {
  return {
    http: ofHttp((_request, response) => {
      response.writeHead(200, { "content-length": "13" }).flushHeaders();
      response.write(first.http);
    }),
    grpc: ofStreams((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.write(first.grpc);
    }),
  };
}

const message = grpcFrame(new Uint8Array([18, 0]));

interface Case {
  readonly title: string;
  readonly server: Record<Protocol, StartServer>;
  readonly https?: boolean;
  readonly options?: Pick<ClientOptions, "apiKey" | "bearerToken" | "interceptors">;
}

const cases: readonly Case[] = [
  { title: "the server accepts and never reads", server: { http: silent, grpc: silent } },
  { title: "the TLS handshake never ends", server: { http: silent, grpc: silent }, https: true },
  { title: "the server never answers", server: noReply },
  { title: "the server sends headers and stalls", server: stalling({ http: "", grpc: "" }) },
  {
    title: "the server sends half a body and stalls",
    server: stalling({ http: '{"resu', grpc: message.subarray(0, 6) }),
  },
  {
    title: "the server sends all but the end and stalls",
    server: stalling({ http: '{"result":{}', grpc: message }),
  },
  {
    title: "the function of the api key never resolves",
    server: noReply,
    options: { apiKey: () => never<string>() },
  },
  {
    title: "the function of the bearer token never resolves",
    server: noReply,
    options: { apiKey: undefined, bearerToken: () => never<string>() },
  },
  {
    title: "an interceptor hangs before the call",
    server: noReply,
    options: { interceptors: [() => () => never()] },
  },
  {
    title: "an interceptor hangs after the call",
    server: noReply,
    options: { interceptors: [(next) => (request) => next(request).catch(() => never())] },
  },
];

describe.each(protocols)("%s: CentTimeoutError", (protocol) => {
  test.each(cases)("a call times out when $title", async ({ server: start, https, options }) => {
    await using server = await start[protocol]();
    const url = https ? { url: `https://localhost:${server.port}/` } : {};
    await using client = clientOf(protocol, server, { timeoutMs, ...url, ...options });
    const started = performance.now();
    const error = expectError(
      await rejection(client.publish({ channel: "chat", data: 1 })),
      CentTimeoutError,
    );
    // Timers may fire a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(timeoutMs - 2);
    expect(error.message).toMatch(/^publish: no complete reply within [\d.]+ ms$/);
  });

  test("timeoutMs of a call overrides the client's", async () => {
    await using server = await startScripted(protocol, () => never());
    await using client = clientOf(protocol, server, { timeoutMs: 60_000 });
    const error = expectError(await rejection(client.info({}, { timeoutMs })), CentTimeoutError, {
      method: "info",
    });
    expect(error.message).toContain(`${timeoutMs} ms`);
  });

  test.each([2_000, 0])("a call with timeoutMs: %d outlasts the client's timeoutMs", async (longer) => {
    await using server = await startScripted(protocol, () => later(info, 150));
    await using client = clientOf(protocol, server, { timeoutMs: 50 });
    expect(await client.info({}, { timeoutMs: longer })).toEqual(resultOf("info", { nodes: [] }));
  });

  test("a client's timeoutMs: 0 is no limit", async () => {
    await using server = await startScripted(protocol, () => later(info, 150));
    await using client = clientOf(protocol, server, { timeoutMs: 0 });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });

  test("the time that the key takes counts toward the call's deadline", async () => {
    await using server = await startScripted(protocol, () => later(info, 2_000));
    await using client = clientOf(protocol, server, { timeoutMs: 600, apiKey: () => later("key", 500) });
    // With 600 ms for each of the two, the call would take 1,100. Timers of one process fire in their order, however busy it is.
    const ended = await Promise.race([rejection(client.info()), later("late", 1_000)]);
    expectError(ended, CentTimeoutError, { method: "info" });
    expect(server.received).toHaveLength(1);
  });

  testOfOurs(differences.resets)(
    "the server sees the end of a call that timed out, and the next call works",
    async () => {
      const ended: string[] = [];
      let calls = 0;
      await using server = await (protocol === "http"
        ? ofHttp((_request, response) => {
            if (calls++ > 0) response.end('{"result":{"nodes":[]}}');
            else response.on("close", () => ended.push("closed"));
          })
        : ofStreams((stream) => {
            if (calls++ > 0) {
              stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
              stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
              stream.end(message);
            } else stream.on("close", () => ended.push(`reset with ${stream.rstCode}`));
          }))();
      await using client = clientOf(protocol, server);
      expectError(await rejection(client.info({}, { timeoutMs })), CentTimeoutError, { method: "info" });
      await until(() => ended.length > 0, "the server sees the end of the call");
      expect(ended).toEqual([protocol === "http" ? "closed" : "reset with 8"]);
      expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
      // HTTP/1.1 has to give up the connection.
      expect(server.accepted()).toBe(protocol === "http" ? 2 : 1);
    },
  );

  test("100 calls at once without a reply all time out", async () => {
    await using server = await noReply[protocol]();
    await using client = clientOf(protocol, server, { timeoutMs });
    const errors = await Promise.all(Array.from({ length: 100 }, () => rejection(client.info())));
    for (const error of errors) expectError(error, CentTimeoutError, { method: "info" });
  });

  test.each([-1, Number.NaN, 2 ** 31, "10" as never])("a call refuses timeoutMs: %s", async (wrong) => {
    await using client = clientOf(protocol, { port: 1 });
    const error = expectError(await rejection(client.info({}, { timeoutMs: wrong })), CentRequestError, {
      method: "info",
    });
    expect(error.field).toBe("timeoutMs");
  });
});

function later<T>(value: T, ms: number): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
