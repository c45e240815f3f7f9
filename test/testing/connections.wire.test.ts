import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { until } from "../harness/listening-server.ts";
import { openHttp2, publishOverGrpc, publishOverHttp } from "./raw-connection.ts";

const refused = { code: "ERR_HTTP2_STREAM_ERROR", message: expect.stringContaining("REFUSED_STREAM") };

describe("requestsPerConnection", () => {
  test("the last HTTP reply of a connection closes it, and a request after it is not executed", async () => {
    await using server = await startTestServer({ requestsPerConnection: 2 });
    const replies = (await publishOverHttp(server, 3)).split("HTTP/1.1 ").slice(1);
    expect(replies.map((reply) => [reply.slice(0, 3), /^connection: close\r$/im.test(reply)])).toEqual([
      ["200", false],
      ["200", true],
    ]);
    expect(server.calls).toHaveLength(2);
  });

  test("a gRPC connection's GOAWAY names the last stream, and later streams are refused, not executed", async () => {
    await using server = await startTestServer({ requestsPerConnection: 2 });
    const { session, goaway } = await openHttp2(server);
    const closed = once(session, "close");
    const streams = await Promise.allSettled([1, 2, 3, 4].map(() => publishOverGrpc(server, session)));
    expect(streams.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    expect(streams.slice(2)).toMatchObject([{ reason: refused }, { reason: refused }]);
    expect(await goaway).toEqual([0, 3]);
    expect(server.calls).toHaveLength(2);
    await closed;
  });

  test.each(["http", "grpc"] as const)(
    "%s: a client goes on over a new connection after requestsPerConnection",
    async (transport) => {
      await using server = await startTestServer({ requestsPerConnection: 3 });
      const url = transport === "http" ? server.httpUrl : server.grpcUrl;
      await using cent = createClient({ transport, url, apiKey: server.apiKey });
      for (let offset = 1; offset <= 10; offset++)
        expect(await cent.publish({ channel: "a", data: 1 })).toMatchObject({ offset });
    },
  );

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2"])(
    "startTestServer refuses requestsPerConnection: %s",
    async (value) => {
      const start = startTestServer({ requestsPerConnection: value as number });
      await expect(start).rejects.toThrow(TypeError);
      await expect(start).rejects.toThrow(/^requestsPerConnection: expected an integer above 0, got /);
    },
  );
});

describe("goAway", () => {
  test("goAway() ends an idle HTTP connection at once, and a busy one after its reply", async () => {
    await using server = await startTestServer();
    const { hostname, port } = new URL(server.httpUrl);
    const idle = connect(Number(port), hostname);
    await once(idle, "connect");
    server.fail("publish", { delayMs: 100 });
    const replies = publishOverHttp(server, 1);
    await until(() => server.calls.length === 1, "the call arrives");
    server.goAway();
    await once(idle.resume(), "close");
    expect(await replies).toMatch(/^HTTP\/1.1 200 .*connection: close\r\n.*"offset":1/is);
    // The port is still open.
    await using cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
    expect(await cent.publish({ channel: "a", data: 1 })).toMatchObject({ offset: 2 });
  });

  test("goAway() sends each gRPC connection a GOAWAY, and calls in flight finish", async () => {
    await using server = await startTestServer();
    const [busy, idle] = [await openHttp2(server), await openHttp2(server)];
    server.fail("publish", { delayMs: 100 }, { times: 2 });
    const calls = [1, 2].map(() => publishOverGrpc(server, busy.session));
    await until(() => server.calls.length === 2, "the calls arrive");
    server.goAway();
    server.goAway();
    expect(await idle.goaway).toEqual([0, 0]);
    expect(await busy.goaway).toEqual([0, 3]);
    expect(await Promise.all(calls)).toEqual(["0", "0"]);
    const { session } = await openHttp2(server);
    expect(await publishOverGrpc(server, session)).toBe("0");
    session.destroy();
  });

  test("a stream that arrives during goAway() is either executed or refused", async () => {
    await using server = await startTestServer();
    let taken = 0;
    for (let round = 0; round < 20; round++) {
      const { session } = await openHttp2(server);
      const calls = [1, 2, 3, 4].map(() => publishOverGrpc(server, session));
      for (let turn = 0; turn < round % 5; turn++) await new Promise(setImmediate);
      server.goAway();
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === "fulfilled") taken++;
        else expect(outcome.reason).toMatchObject(refused);
      }
      expect(server.calls).toHaveLength(taken);
    }
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(80);
  });
});
