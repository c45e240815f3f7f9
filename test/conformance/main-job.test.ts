import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CentClient, DefaultService } from "../../src/index.ts";
import {
  CentApiResponseError,
  CentPartialError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
  ErrorCode,
  failures,
  unwrap,
} from "../../src/index.ts";
import { messageOf, resultOf } from "../harness/result-of.ts";
import type { ServerKind, ServerUnderTest, TransportName } from "./servers.ts";
import { clientOf, describeEachServer, transports } from "./servers.ts";

describeEachServer((kind) => describe.each(transports)("over %s", (transport) => mainJob(kind, transport)), {
  needs: "config.json",
});

function mainJob(kind: ServerKind, transport: TransportName): void {
  let server: ServerUnderTest;
  let cent: CentClient;
  let exact: CentClient<DefaultService, "bigint">;
  let channel: string;

  beforeAll(async () => {
    server = await kind.start();
    cent = clientOf(server, transport);
    exact = clientOf<"bigint">(server, transport, { int64: "bigint" });
    // A server that runs already may know the names of earlier runs.
    channel = randomUUID();
  });

  afterAll(async () => {
    await Promise.all([cent.close(), exact.close()]);
    await server[Symbol.asyncDispose]();
  });

  test("history gives back what the client published", async () => {
    const values = [{ text: "<hi> & \u2028 ü 🎉" }, "text", 0, false, null, [], [1, { deep: [null] }]];
    const positions = [];
    for (const data of values) positions.push(await cent.publish({ channel, data, tags: { a: "b" } }));
    expect(positions.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const history = await cent.history({ channel, limit: -1 });
    expect(history.publications).toEqual(
      values.map((data, index) => messageOf("Publication", { data, offset: index + 1, tags: { a: "b" } })),
    );
    expect(resultOf("publish", { offset: history.offset, epoch: history.epoch })).toEqual(positions.at(-1));
    const { publications } = await cent.history({ channel, limit: 2, reverse: true });
    expect(publications.map(({ offset }) => offset)).toEqual([7, 6]);
    const { epoch } = history;
    const since = await cent.history({ channel, limit: 10, since: { offset: 5, epoch } });
    expect(since.publications.map(({ offset }) => offset)).toEqual([6, 7]);
    const moved = cent.history({ channel, limit: 10, since: { offset: 5, epoch: "other" } });
    await expect(moved).rejects.toMatchObject({ code: ErrorCode.UNRECOVERABLE_POSITION });
  });

  test("a second publish with the same idempotency key has no effect", async () => {
    const request = { channel: `${channel}-once`, data: 1, idempotencyKey: "key" };
    expect(await cent.publish(request)).toEqual(await cent.publish(request));
    expect(await cent.history({ channel: request.channel })).toMatchObject({ offset: 1, publications: [] });
  });

  test("64-bit integers reach the server exactly", async () => {
    const versioned = { channel: `${channel}-version`, data: 1, versionEpoch: "e" };
    const latest = await exact.publish({ ...versioned, version: 18446744073709551615n });
    expect(latest.offset).toBe(1n);
    const older = await exact.publish({ ...versioned, version: 18446744073709551614n });
    expect(older).toEqual(latest);
  });

  test("bytes reach the server as they are", async () => {
    const bytes = new Uint8Array([0, 1, 2, 254, 255]);
    const request = { channel: `binary:${channel}`, data: bytes };
    expect(await cent.publish(request)).toMatchObject({ offset: 1 });
    const history = cent.history({ channel: request.channel, limit: 1 });
    // The server has no JSON for such a history.
    if (transport === "http") await expect(history).rejects.toThrow(CentTransportError);
    else
      expect((await history).publications).toEqual([
        messageOf("Publication", { data: bytes, offset: 1, tags: {} }),
      ]);
    const json = { channel: `json:${channel}`, data: new TextEncoder().encode('{"a":1}') };
    expect(await cent.publish(json)).toEqual(resultOf("publish", { offset: 0, epoch: "" }));
  });

  test("a broadcast reports each channel", async () => {
    const channels = [`${channel}-a`, "no-such-namespace:x", "json:x", `${channel}-b`];
    const { responses } = await cent.broadcast({ channels, data: ["all"] });
    expect(responses.map((item) => (item.ok ? item.result.offset : item.error.code))).toEqual([
      1, 102, 107, 1,
    ]);
    expect(failures(responses).map(({ index, error }) => [index, error.serverMessage])).toEqual([
      [1, "unknown channel"],
      [2, "bad request"],
    ]);
    expect(() => unwrap(responses)).toThrow(CentPartialError);
  });

  test.each([false, true])("a batch reports each command, parallel: %s", async (parallel) => {
    const { replies } = await cent.batch({
      parallel,
      commands: [
        { publish: { channel: `${channel}-batch-${parallel}`, data: 1 } },
        { history: { channel: "no-such-namespace:x" } },
        { getUserStatus: { users: ["1"] } },
        { broadcast: { channels: ["no-such-namespace:x", `${channel}-c-${parallel}`], data: 1 } },
        { channels: { pattern: "nobody-*" } },
      ],
    });
    const [published, unknown, pro, broadcast, channels] = replies;
    expect(published).toMatchObject({ ok: true, result: { offset: 1 } });
    expect(unknown).toMatchObject({ ok: false, error: { code: 102, method: "history" } });
    expect(pro).toMatchObject({ ok: false, error: { code: 104, method: "getUserStatus" } });
    expect(broadcast).toMatchObject({
      ok: true,
      result: {
        responses: [
          { ok: false, error: { code: 102 } },
          { ok: true, result: { offset: 1 } },
        ],
      },
    });
    expect(channels).toEqual({ ok: true, result: resultOf("channels", { channels: {} }) });
    expect(await cent.batch({ commands: [] })).toEqual(resultOf("batch", { replies: [] }));
  });

  test("a map channel keeps its state", async () => {
    const board = `board:${channel}`;
    const first = await cent.mapPublish({ channel: board, key: "a", data: { x: 1 }, version: 5 });
    expect(first).toMatchObject({ offset: 1, suppressed: false, suppressReason: "" });
    const again = await cent.mapPublish({ channel: board, key: "a", data: { x: 2 }, version: 5 });
    expect(again).toMatchObject({ suppressed: true, suppressReason: "version" });
    const { entries } = await cent.mapReadState<{ x: number }>({ channel: board, limit: -1 });
    expect(entries).toMatchObject([{ key: "a", data: { x: 1 }, offset: 1, removed: false }]);
    expect(await cent.mapStats({ channel: board })).toEqual(resultOf("mapStats", { numKeys: 1 }));
    await cent.mapRemove({ channel: board, key: "a" });
    const stream = await cent.mapReadStream({ channel: board, limit: -1 });
    expect(stream.entries.map(({ key, removed }) => [key, removed])).toEqual([
      ["a", false],
      ["a", true],
    ]);
    expect(await cent.mapClear({ channel: board })).toEqual(resultOf("mapClear"));
  });

  test("calls for absent users succeed", async () => {
    expect(await cent.presence({ channel })).toEqual(resultOf("presence", { presence: {} }));
    expect(await cent.presenceStats({ channel })).toEqual(
      resultOf("presenceStats", { numClients: 0, numUsers: 0 }),
    );
    expect(
      await cent.subscribe({
        channel,
        user: "nobody",
        data: { a: 1 },
        override: { presence: true },
      }),
    ).toEqual(resultOf("subscribe"));
    expect(await cent.unsubscribe({ channel, user: "nobody" })).toEqual(resultOf("unsubscribe"));
    expect(await cent.disconnect({ user: "nobody", disconnect: { code: 4000, reason: "bye" } })).toEqual(
      resultOf("disconnect"),
    );
    expect(await cent.refresh({ user: "nobody", expireAt: 4102444800 })).toEqual(resultOf("refresh"));
    const { nodes } = await cent.info();
    expect(nodes).toHaveLength(1);
    expect(nodes[0]).toMatchObject({ uid: expect.any(String), numClients: 0, numSubs: 0 });
  });

  test.each<[string, (client: CentClient) => Promise<unknown>, number]>([
    [
      "an unknown channel",
      (client) => client.presence({ channel: "no-such-namespace:x" }),
      ErrorCode.UNKNOWN_CHANNEL,
    ],
    [
      "data of the wrong format",
      (client) => client.publish({ channel: "json:x", data: [] }),
      ErrorCode.BAD_REQUEST,
    ],
    ["history that is off", (client) => client.history({ channel: "plain:x" }), ErrorCode.NOT_AVAILABLE],
    ["a method that rpc does not have", (client) => client.rpc({ method: "none" }), ErrorCode.NOT_FOUND],
    [
      "reverse from offset 0",
      (client) => client.history({ channel: "x", limit: 1, reverse: true, since: {} }),
      ErrorCode.INTERNAL,
    ],
  ])("a call rejects for %s", async (_case, call, code) => {
    const error = await call(cent).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentApiResponseError);
    expect(error).toMatchObject({ code });
  });

  test("the transport error mode gives the same errors", async () => {
    await using strict = clientOf(server, transport, { headers: { "x-centrifugo-error-mode": "transport" } });
    const error = await strict
      .publish({ channel: "no-such-namespace:x", data: 1 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentApiResponseError);
    expect(error).toMatchObject({ code: 102, serverMessage: "unknown channel", method: "publish" });
  });

  test("a call rejects for a wrong key, and for a method of PRO", async () => {
    await using stranger = clientOf(server, transport, { apiKey: "wrong" });
    await expect(stranger.info()).rejects.toThrow(CentUnauthorizedError);
    await expect(cent.connections({ user: "1" })).rejects.toThrow(CentUnimplementedError);
  });
}
