import { once } from "node:events";
import { createServer } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createClient } from "../../../src/index.ts";
import type { Fault } from "../../../src/testing/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";
import { protocols } from "../../harness/scripted-server.ts";

const publications = [1, 2].map((data) => ({ channel: "chat", data }));
const failed = { taken: 2, succeeded: 0, failed: 2, unknown: 0 };
const unknown = { taken: 2, succeeded: 0, failed: 0, unknown: 2 };

async function portOfNobody(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

describe.each(protocols)("over %s", (protocol) => {
  const { refusals, mishaps } = {
    http: {
      refusals: [400, 401, 403, 404, 405, 411, 413, 429].map((status) => ({ status })),
      mishaps: [500, 502, 503, 504].map((status) => ({ status })),
    },
    grpc: {
      refusals: [Code.InvalidArgument, Code.Unimplemented, Code.Unauthenticated].map((grpcStatus) => ({
        grpcStatus,
      })),
      mishaps: [Code.Unavailable, Code.Internal, Code.ResourceExhausted].map((grpcStatus) => ({
        grpcStatus,
      })),
    },
  }[protocol] as { refusals: Fault[]; mishaps: Fault[] };

  test.each(refusals)("publications of a refused request count as failed: %j", async (fault) => {
    await using it = await startBatching(protocol, { batching: false });
    it.server.fail("*", fault, { times: "always" });
    expect(await it.cent.publishMany(publications)).toEqual(failed);
    expect(await it.cent.broadcastMany(["a", "b"], { data: 1 })).toEqual(failed);
  });

  test.each([...mishaps, { drop: true }])(
    "publications that may have been executed count as unknown: %j",
    async (fault) => {
      await using it = await startBatching(protocol, { batching: false });
      it.server.fail("*", fault, { times: "always" });
      expect(await it.cent.publishMany(publications)).toEqual(unknown);
    },
  );

  test("publications count as failed if the host is unknown, or its port closed", async () => {
    const path = protocol === "http" ? "/api" : "";
    for (const host of [
      `127.0.0.1:${await portOfNobody()}`,
      `localhost:${await portOfNobody()}`,
      "nobody.invalid",
    ]) {
      await using cent = createClient({ transport: protocol, url: `http://${host}${path}` });
      expect(await cent.publishMany(publications)).toEqual(failed);
    }
  });

  test("publications whose key does not come are not sent, and count as failed", async () => {
    for (const apiKey of [() => Promise.reject(new Error("no vault")), () => new Promise<string>(() => {})]) {
      await using it = await startBatching(protocol, { batching: false, apiKey, timeoutMs: 30 });
      expect(await it.cent.publishMany(publications)).toEqual(failed);
      expect(it.requests()).toEqual([]);
    }
  });

  test("a run that is aborted before its key comes counts nothing", async () => {
    const controller = new AbortController();
    const apiKey = () => {
      setTimeout(() => controller.abort(), 5);
      return new Promise<string>(() => {});
    };
    await using it = await startBatching(protocol, { batching: false, apiKey });
    const run = it.cent.publishMany(publications, { signal: controller.signal });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
    expect(run.progress).toEqual({ ...failed, failed: 0 });
  });

  test("publications count as unknown if an interceptor fails, for it may have sent them", async () => {
    const interceptor = () => () => Promise.reject(new Error("no trace"));
    await using it = await startBatching(protocol, { batching: false, interceptors: [interceptor] });
    expect(await it.cent.publishMany(publications)).toEqual(unknown);
  });

  test.each([
    [new ConnectError("message larger than max (5 vs. 4)", Code.ResourceExhausted), failed],
    [new ConnectError("too many requests", Code.ResourceExhausted), unknown],
    // The reply was too large: the server executed all publications.
    [new ConnectError("trying to send message larger than max (5 vs. 4)", Code.ResourceExhausted), unknown],
    [new ConnectError("message size 5 exceeds sendMaxBytes 4", Code.ResourceExhausted), unknown],
  ])("publications count as failed only if the request was too large: %s", async (error, expected) => {
    const interceptor = () => () => {
      error.isWireError = true;
      return Promise.reject(error);
    };
    await using it = await startBatching(protocol, { batching: false, interceptors: [interceptor] });
    expect(await it.cent.publishMany(publications)).toEqual(expected);
  });
});
