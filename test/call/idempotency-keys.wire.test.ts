import { describe, expect, test } from "vitest";
import type { CentrifugoConfig, TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { losingReplies, retryingClient } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";

const config: CentrifugoConfig = {
  http_api: { key: "api_key" },
  grpc_api: { key: "api_key" },
  channel: {
    without_namespace: { history_size: 1000, history_ttl: "300s" },
    namespaces: [
      {
        name: "map",
        subscription_type: "map",
        map: { mode: "recoverable", key_ttl: "300s", stream_size: 9 },
      },
    ],
  },
};

const retry = { idempotencyKeys: true };
const uuid = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** The keys of all publications that the server received, request by request. */
const keysIn = (server: TestServer) =>
  server.calls.map(({ request }) => {
    const { commands = [request] } = request as { commands?: readonly object[] };
    return commands.map((command) => JSON.stringify(command).match(/"idempotencyKey":"([^"]*)"/)?.[1]);
  });

/** The data that a channel keeps. */
async function kept(server: TestServer, channel: string): Promise<unknown[]> {
  await using reader = retryingClient("http", server);
  const { publications } = await reader.history({ channel, limit: -1 });
  return publications.map(({ data }) => data);
}

describe.each(protocols)("%s: idempotencyKeys", (protocol) => {
  test("a publish keeps one key over its attempts, and is executed once", async () => {
    await using server = await startTestServer({ config });
    const interceptors = [losingReplies(2)];
    await using cent = retryingClient(protocol, server, { retry, interceptors });
    expect(await cent.publish({ channel: "a", data: 1 })).toMatchObject({ offset: 1 });
    expect(await cent.publish({ channel: "a", data: 2 })).toMatchObject({ offset: 2 });
    const [first, second, third, other] = keysIn(server).flat();
    expect([first, second, third]).toEqual([uuid, first, first]);
    expect([other, other === first]).toEqual([uuid, false]);
    expect(await kept(server, "a")).toEqual([1, 2]);
  });

  test("keys are off by default, and one call can turn them on", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server);
    await cent.publish({ channel: "a", data: 1 });
    await cent.publish({ channel: "a", data: 1 }, { retry });
    expect(keysIn(server)).toEqual([[undefined], [uuid]]);
  });

  test("the caller's own key is sent instead of a generated one", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    await cent.publish({ channel: "a", data: 1, idempotencyKey: "mine" });
    expect(keysIn(server)).toEqual([["mine"], ["mine"]]);
  });

  test("a broadcast that has a channel twice gets no key, and is not repeated", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    expect(await rejection(cent.broadcast({ channels: ["a", "b", "a"], data: 1 }))).toMatchObject({
      attempts: 1,
      maybeExecuted: true,
    });
    expect([keysIn(server), await kept(server, "a")]).toEqual([[[undefined]], [1, 1]]);
  });

  test("each command of a batch has its own key", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const publish = { channel: "a", data: 1 };
    await cent.batch({ commands: [{ publish }, { publish }, { broadcast: { channels: ["b"], data: 1 } }] });
    const [first, second] = keysIn(server);
    expect(first).toEqual([uuid, uuid, uuid]);
    expect(new Set(first).size).toBe(3);
    expect(second).toEqual(first);
    expect([await kept(server, "a"), await kept(server, "b")]).toEqual([[1, 1], [1]]);
  });

  test("a batch with a command that may not be repeated is sent once", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const commands = [{ publish: { channel: "a", data: 1 } }, { historyRemove: { channel: "b" } }];
    expect(await rejection(cent.batch({ commands }))).toMatchObject({ attempts: 1 });
  });

  test("each call that shares a request has its own key", async () => {
    await using server = await startTestServer({ config });
    const interceptors = [losingReplies(1)];
    await using cent = retryingClient(protocol, server, { retry, interceptors, batching: true });
    await Promise.all([1, 2, 3].map((data) => cent.publish({ channel: "a", data })));
    const [first, second] = keysIn(server);
    expect([new Set(first).size, second]).toEqual([3, first]);
    expect(await kept(server, "a")).toEqual([1, 2, 3]);
  });

  test("each publication of publishMany and each broadcast of broadcastMany has a key", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const publications = [1, 2, 3].map((data) => ({ channel: "a", data }));
    expect(await cent.publishMany(publications)).toMatchObject({ succeeded: 3 });
    const [first, second] = keysIn(server);
    expect([new Set(first).size, second]).toEqual([3, first]);
    expect(await kept(server, "a")).toEqual([1, 2, 3]);

    server.clearCalls();
    await using other = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const channels = ["b", "c"];
    expect(await other.broadcastMany(channels, { data: 4 })).toMatchObject({ succeeded: 2 });
    expect(keysIn(server).flat()).toEqual([uuid, keysIn(server)[0]?.[0]]);
    expect([await kept(server, "b"), await kept(server, "c")]).toEqual([[4], [4]]);
  });

  const entry = { channel: "map:a", key: "k", data: 1 };

  test("a repeat that the server suppressed resolves like a first attempt", async () => {
    await using server = await startTestServer({ config });
    for (const batching of [false, true]) {
      await using cent = retryingClient(protocol, server, {
        retry,
        interceptors: [losingReplies(1)],
        batching,
      });
      const results = await Promise.all([
        cent.mapPublish({ ...entry, key: `${batching}` }),
        cent.mapStats({ channel: "map:a" }),
      ]);
      expect(results[0]).toMatchObject({ suppressed: false, suppressReason: "" });
    }
    await using cent = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const { replies } = await cent.batch({ commands: [{ mapPublish: entry }, { mapPublish: entry }] });
    expect(replies).toMatchObject([{ result: { suppressed: false } }, { result: { suppressed: false } }]);
  });

  test("the result shows a suppression for another reason, or of a first attempt", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { retry });
    await cent.mapPublish({ ...entry, idempotencyKey: "mine" });
    const suppressed = { suppressed: true, suppressReason: "idempotency" };
    expect(await cent.mapPublish({ ...entry, idempotencyKey: "mine" })).toMatchObject(suppressed);
    await using losing = retryingClient(protocol, server, { retry, interceptors: [losingReplies(1)] });
    const exists = await losing.mapPublish({ ...entry, keyMode: "if_new" });
    expect(exists.suppressReason).toBe("key_exists");
    server.fail("mapPublish", { status: 429 });
    const again = await cent.mapPublish({ ...entry, idempotencyKey: "mine" });
    // HTTP's 429 refuses the first attempt. Over gRPC it becomes UNAVAILABLE, and the attempt may be executed.
    expect(again).toMatchObject(protocol === "http" ? suppressed : { suppressed: false, suppressReason: "" });
  });
});
