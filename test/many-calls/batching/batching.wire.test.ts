import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { CentApiResponseError, CentRequestError, createClient } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { clientOptions, startBatching } from "../../harness/batching-set-up.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";
import { resultOf } from "../../harness/result-of.ts";
import { protocols } from "../../harness/scripted-server.ts";

const data = { text: "hi" };

describe.each(protocols)("batching over %s", (protocol) => {
  test("calls of one turn travel in one request, and each has its own result", async () => {
    await using it = await startBatching(protocol);
    const [first, second, stats] = await Promise.all([
      it.cent.publish({ channel: "chat", data }),
      it.cent.publish({ channel: "chat", data }),
      it.cent.presenceStats({ channel: "chat" }),
    ]);
    expect([first.offset, second.offset, stats]).toEqual([
      1,
      2,
      resultOf("presenceStats", { numClients: 0, numUsers: 0 }),
    ]);
    expect(it.requests()).toEqual([3]);
    expect(it.server.calls[0]?.request).not.toHaveProperty("parallel");
  });

  test("callers that get their results from one reply share the next request, too", async () => {
    await using it = await startBatching(protocol);
    const caller = async (id: number) => {
      for (let round = 0; round < 3; round++) {
        await it.cent.publish({ channel: `chat_${id}`, data });
        // Callers await different numbers of promises between two calls.
        for (let hop = 0; hop < id; hop++) await undefined;
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, id) => caller(id)));
    expect(it.requests()).toEqual([20, 20, 20]);
  });

  test("a single call is sent unbatched", async () => {
    await using it = await startBatching(protocol);
    for (let call = 0; call < 2; call++) await it.cent.publish({ channel: "chat", data });
    expect(it.requests()).toEqual(["publish", "publish"]);
  });

  test("batching is off by default", async () => {
    await using it = await startBatching(protocol);
    await using cent = createClient(clientOptions(protocol, it.server));
    await Promise.all([1, 2].map(() => cent.publish({ channel: "chat", data })));
    expect(it.requests()).toEqual(["publish", "publish"]);
  });

  test("a failing call fails no other call of its batch", async () => {
    await using it = await startBatching(protocol);
    const [unknown, wrong, fine] = await Promise.allSettled([
      it.cent.publish({ channel: "none:x", data }),
      it.cent.publish({ channel: "chat", data: () => 1 }),
      it.cent.publish({ channel: "chat", data }),
    ]);
    expect(fine).toMatchObject({ status: "fulfilled", value: { offset: 1 } });
    expect(unknown).toMatchObject({
      reason: { code: 102, method: "publish", serverMessage: "unknown channel" },
    });
    expect(wrong).toMatchObject({ reason: { field: "data", method: "publish" } });
    expect(unknown.status === "rejected" && unknown.reason).toBeInstanceOf(CentApiResponseError);
    expect(wrong.status === "rejected" && wrong.reason).toBeInstanceOf(CentRequestError);
    expect(it.requests()).toEqual([2]);
  });

  test("a call with its own headers, a batch and a call larger than maxBytes each travel alone", async () => {
    await using it = await startBatching(protocol, { batching: { maxBytes: 1_000 } });
    const [own] = await Promise.all([
      it.cent.publish({ channel: "a", data }, { headers: { "x-own": "1" } }),
      it.cent.batch({ commands: [{ publish: { channel: "b", data } }] }),
      it.cent.publish({ channel: "c", data: "x".repeat(2_000) }),
      it.cent.publish({ channel: "d", data }),
      it.cent.publish({ channel: "e", data }),
    ]);
    expect(own).toMatchObject({ offset: 1 });
    expect(it.requests().sort()).toEqual([1, 2, "publish", "publish"]);
    const headed = it.server.calls.filter(({ headers }) => headers["x-own"] === "1");
    expect(headed.map(({ request }) => request.channel)).toEqual(["a"]);
  });

  test("calls about one channel are executed in their order, alone or in shared requests", async () => {
    await using it = await startBatching(protocol, { batching: { maxCommands: 3, inFlight: 4 } });
    const subscriber = it.server.connect({ channels: ["chat"] });
    it.server.fail("batch", { delayMs: 20 });
    it.server.fail("publish", { delayMs: 20 });
    const calls = Array.from({ length: 20 }, (_, n) =>
      it.cent.publish({ channel: "chat", data: n }, n % 6 === 4 ? { headers: { "x-own": "1" } } : undefined),
    );
    const history = it.cent.history({ channel: "chat", limit: -1 });
    calls.push(it.cent.publish({ channel: "chat", data: 20 }));
    await Promise.all(calls);
    const received = subscriber.received.flatMap((push) => (push.type === "publication" ? [push.data] : []));
    expect(received).toEqual(Array.from({ length: 21 }, (_, n) => n));
    expect((await history).publications).toHaveLength(20);
  });

  test("a broadcast keeps its place in the order of each of its channels", async () => {
    await using it = await startBatching(protocol, { batching: { maxCommands: 2, inFlight: 4 } });
    it.server.fail("*", { delayMs: 10 }, { times: 3 });
    const calls: Promise<unknown>[] = [];
    for (let round = 0; round < 5; round++) {
      for (const channel of ["a", "b", "c"]) calls.push(it.cent.publish({ channel, data: [round, channel] }));
      calls.push(it.cent.broadcast({ channels: ["a", "b"], data: [round, "all"] }));
    }
    await Promise.all(calls);
    for (const channel of ["a", "b"]) {
      const { publications } = await it.cent.history({ channel, limit: -1 });
      const expected = [0, 1, 2, 3, 4].flatMap((round) => [
        [round, channel],
        [round, "all"],
      ]);
      expect(publications.map((publication) => publication.data)).toEqual(expected);
    }
  });

  test("calls beyond inFlight requests wait, and share the next request", async () => {
    await using it = await startBatching(protocol, { batching: { inFlight: 2 } });
    it.server.fail("*", { delayMs: 100 }, { times: 2 });
    const calls: Promise<unknown>[] = [];
    for (let round = 0; round < 6; round++) {
      for (let n = 0; n < 2; n++) calls.push(it.cent.publish({ channel: `chat_${round}_${n}`, data }));
      await turn();
    }
    await Promise.all(calls);
    expect(it.requests()).toEqual([2, 2, 8]);
  });

  test("a request that reaches maxCommands or maxBytes is sent at once", async () => {
    await using it = await startBatching(protocol, { batching: { maxCommands: 3, maxDelayMs: 9_000 } });
    const calls = [1, 2, 3].map((n) => it.cent.publish({ channel: `chat_${n}`, data }));
    await Promise.all(calls);
    await using other = await startBatching(protocol, { batching: { maxBytes: 3_000, maxDelayMs: 50 } });
    const large = [1, 2, 3, 4, 5].map((n) =>
      other.cent.publish({ channel: `chat_${n}`, data: "x".repeat(900) }),
    );
    await Promise.all(large);
    expect([it.requests(), other.requests()]).toEqual([[3], [3, 2]]);
  });

  test("maxDelayMs collects the calls of several turns in one request", async () => {
    await using it = await startBatching(protocol, { batching: { maxDelayMs: 200 } });
    const started = performance.now();
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 3; n++) {
      calls.push(it.cent.publish({ channel: `chat_${n}`, data }));
      await turn();
    }
    await Promise.all(calls);
    expect(it.requests()).toEqual([3]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  });

  test("an apiKey function runs once for each call", async () => {
    let asked = 0;
    const apiKey = () => {
      asked++;
      return "api_key";
    };
    await using it = await startBatching(protocol, { apiKey });
    await Promise.all([1, 2, 3].map(() => it.cent.publish({ channel: "chat", data })));
    expect([asked, it.requests()]).toEqual([3, [3]]);
    await Promise.all(
      [1, 2].map((n) => it.cent.publish({ channel: "chat", data }, { headers: { "x-n": `${n}` } })),
    );
    expect(asked).toBe(5);
  });

  test("interceptors see the requests that are sent, not the calls in them", async () => {
    const seen: string[] = [];
    await using it = await startBatching(protocol, {
      interceptors: [
        (next) => (request) => {
          seen.push(request.method.name);
          return next(request);
        },
      ],
    });
    await Promise.all([1, 2].map(() => it.cent.publish({ channel: "chat", data })));
    await it.cent.publish({ channel: "chat", data });
    expect(seen).toEqual(["Batch", "Publish"]);
  });

  test("close() waits for calls that are not sent yet, and later calls fail", async () => {
    await using it = await startBatching(protocol, { batching: { maxDelayMs: 20, inFlight: 1 } });
    const calls = [1, 2, 3].map((n) => it.cent.publish({ channel: `chat_${n}`, data }));
    await it.cent.close();
    expect(it.requests()).toEqual([3]);
    await expect(Promise.all(calls)).resolves.toHaveLength(3);
    expectError(await rejection(it.cent.publish({ channel: "chat", data })), CentRequestError, {
      cause: false,
    });
  });
});

test("batching works over any Connect transport", async () => {
  const { client, server } = createTestClient({ client: { batching: true } });
  const [published, history] = await Promise.all([
    client.publish({ channel: "chat", data }),
    client.history({ channel: "chat", limit: -1 }),
    client.publish({ channel: "chat", data }),
  ]);
  expect([published.offset, history.publications.length]).toEqual([1, 1]);
  expect(server.calls.map(({ method }) => method)).toEqual(["publish", "history", "publish"]);
  await Promise.all([1, 2].map(() => client.publish({ channel: "chat", data })));
  expect(server.calls.at(-1)?.method).toBe("batch");
});
