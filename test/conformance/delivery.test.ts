import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CentClient } from "../../src/index.ts";
import { unwrap } from "../../src/index.ts";
import { resultOf } from "../harness/result-of.ts";
import type { ServerKind, ServerUnderTest, TransportName } from "./servers.ts";
import { clientOf, describeEachServer, transports } from "./servers.ts";

// Clients of a real server use WebSockets and the official SDK. Clients of the embedded server are in its memory.
describeEachServer((kind) => describe.each(transports)("over %s", (transport) => delivery(kind, transport)), {
  needs: "config.json",
});

function delivery(kind: ServerKind, transport: TransportName): void {
  let server: ServerUnderTest;
  let cent: CentClient;
  let channel: string;
  let user: string;

  beforeAll(async () => {
    server = await kind.start();
    cent = clientOf(server, transport);
  });

  beforeEach(() => {
    channel = randomUUID();
    user = randomUUID();
  });

  afterAll(async () => {
    await cent.close();
    await server[Symbol.asyncDispose]();
  });

  test("a publication arrives with data, offset and tags", async () => {
    const receiver = await server.connect(user, [channel]);
    const values = [{ text: "<hi> & \u2028 ü 🎉", deep: [null, 1.5, true] }, "text", 0, [], null];
    for (const data of values) await cent.publish({ channel, data, tags: { a: "b", "<c>": "" } });
    for (const [index, data] of values.entries()) {
      expect(await receiver.next("publication")).toEqual({
        ...{ type: "publication", channel, data, offset: index + 1, tags: { a: "b", "<c>": "" } },
      });
    }
  });

  test("a publication that is not stored arrives without an offset", async () => {
    const receiver = await server.connect(user, [channel, `plain:${channel}`]);
    await cent.publish({ channel, data: 1, skipHistory: true });
    expect(await receiver.next("publication")).toMatchObject({ channel, data: 1, offset: 0, tags: {} });
    await cent.publish({ channel: `plain:${channel}`, data: 2 });
    expect(await receiver.next("publication")).toMatchObject({ data: 2, offset: 0 });
  });

  test("duplicates and old versions do not arrive", async () => {
    const receiver = await server.connect(user, [channel]);
    for (const data of [1, 2]) await cent.publish({ channel, data, idempotencyKey: "k" });
    for (const version of [5, 4, 6]) await cent.publish({ channel, data: { version }, version });
    for (const [data, offset] of [
      [1, 1],
      [{ version: 5 }, 2],
      [{ version: 6 }, 3],
    ]) {
      expect(await receiver.next("publication")).toMatchObject({ data, offset });
    }
  });

  test("a broadcast and a batch arrive in each channel", async () => {
    const receiver = await server.connect(user, [channel]);
    const other = await server.connect(user, [`${channel}-2`]);
    const { responses } = await cent.broadcast({
      ...{ channels: [channel, `${channel}-2`], data: { to: "all" }, tags: { t: "1" } },
    });
    expect(unwrap(responses)).toMatchObject([{ offset: 1 }, { offset: 1 }]);
    const { replies } = await cent.batch({
      commands: [
        { publish: { channel, data: "first" } },
        { publish: { channel, data: "second", tags: { t: "2" } } },
        { broadcast: { channels: [`${channel}-2`, channel], data: "third" } },
      ],
    });
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true]);
    for (const [data, offset, tags] of [
      [{ to: "all" }, 1, { t: "1" }],
      ["first", 2, {}],
      ["second", 3, { t: "2" }],
      ["third", 4, {}],
    ]) {
      expect(await receiver.next("publication")).toMatchObject({ channel, data, offset, tags });
    }
    expect(await other.next("publication")).toMatchObject({ data: { to: "all" }, offset: 1 });
    expect(await other.next("publication")).toMatchObject({ data: "third", offset: 2 });
  });

  test("the publications of a run that nobody iterates arrive in their order", async () => {
    const receiver = await server.connect(user, [channel]);
    const input = Array.from({ length: 50 }, (_, data) => ({ channel, data }));
    const run = cent.publishMany(input, { maxCommands: 10 });
    for (const { data } of input) expect(await receiver.next("publication")).toMatchObject({ data });
    expect(await run).toEqual({ taken: 50, succeeded: 50, failed: 0, unknown: 0 });
    const counts = await cent.broadcastMany([channel, "no-such-namespace:x"], { data: "to all" });
    expect(counts).toEqual({ taken: 2, succeeded: 1, failed: 1, unknown: 0 });
    expect(await receiver.next("publication")).toMatchObject({ data: "to all", offset: 51 });
  });

  test("a client that the server subscribes gets a push, is in presence, and receives publications", async () => {
    const receiver = await server.connect(user);
    await cent.subscribe({ user, channel, data: { d: 1 }, info: { i: [1] } });
    expect(await receiver.next("subscribe")).toEqual({
      ...{ type: "subscribe", channel, data: { d: 1 }, positioned: false, recoverable: false },
      ...{ offset: 0, epoch: "" },
    });
    const { client } = receiver;
    expect(await cent.presence({ channel })).toEqual(
      resultOf("presence", {
        presence: { [client]: { user, client, chanInfo: { i: [1] } } },
      }),
    );
    expect(await cent.presenceStats({ channel })).toEqual(
      resultOf("presenceStats", { numClients: 1, numUsers: 1 }),
    );
    expect(await cent.channels({ pattern: channel })).toEqual(
      resultOf("channels", { channels: { [channel]: { numClients: 1 } } }),
    );
    await cent.publish({ channel, data: { n: 1 }, tags: { t: "1" } });
    expect(await receiver.next("publication")).toMatchObject({ data: { n: 1 }, offset: 1, tags: { t: "1" } });
    await cent.unsubscribe({ user, channel });
    expect(await receiver.next("unsubscribe")).toMatchObject({ channel });
    expect(await cent.presence({ channel })).toEqual(resultOf("presence", { presence: {} }));
    expect(await cent.channels({ pattern: channel })).toEqual(resultOf("channels", { channels: {} }));
  });

  test("the server can subscribe one of a user's clients", async () => {
    const [first, second] = [await server.connect(user), await server.connect(user)];
    await cent.subscribe({ user, client: second.client, channel });
    expect(await second.next("subscribe")).toMatchObject({ channel });
    expect(Object.keys((await cent.presence({ channel })).presence)).toEqual([second.client]);
    await cent.subscribe({ user, channel });
    expect(await first.next("subscribe")).toMatchObject({ channel });
    expect(await cent.presenceStats({ channel })).toEqual(
      resultOf("presenceStats", { numClients: 2, numUsers: 1 }),
    );
  });

  test("a subscription by the server has a position if the namespace or an override says so", async () => {
    const receiver = await server.connect(user);
    const kept = `recovering:${channel}`;
    const { epoch } = await cent.publish({ channel: kept, data: 1 });
    await cent.subscribe({ user, channel: kept });
    expect(await receiver.next("subscribe")).toMatchObject({
      ...{ positioned: true, recoverable: true, offset: 1, epoch },
    });
    const position = await cent.publish({ channel, data: 1 });
    await cent.subscribe({ user, channel, override: { forcePositioning: true } });
    expect(await receiver.next("subscribe")).toMatchObject({
      ...{ positioned: true, recoverable: false, offset: 1, epoch: position.epoch },
    });
  });

  test("a recovering subscription begins at recoverSince, or at the end if that is impossible", async () => {
    const receiver = await server.connect(user);
    const recovered = `recovering:${channel}`;
    for (const data of [1, 2, 3, 4, 5]) await cent.publish({ channel: recovered, data });
    for (const [recoverSince, offset] of [
      [{ offset: 3 }, 3],
      [{ offset: 5 }, 5],
      [{ offset: 1, epoch: "other" }, 5],
    ] as const) {
      await cent.subscribe({ user, channel: recovered, recoverSince });
      expect(await receiver.next("subscribe")).toMatchObject({ recoverable: true, offset });
    }
  });

  test("unsubscribe ends a subscription of the client's own", async () => {
    const receiver = await server.connect(user, [channel]);
    expect(await cent.presenceStats({ channel })).toEqual(
      resultOf("presenceStats", { numClients: 1, numUsers: 1 }),
    );
    await cent.unsubscribe({ user, channel });
    expect(await receiver.next("unsubscribe")).toEqual({
      ...{ type: "unsubscribe", channel, code: 2000, reason: "server unsubscribe" },
    });
    expect(await cent.channels({ pattern: channel })).toEqual(resultOf("channels", { channels: {} }));
  });

  test("a client gets joins and leaves if the namespace pushes them", async () => {
    const room = `recovering:${channel}`;
    const witness = await server.connect(user, [room]);
    expect(await witness.next("join")).toMatchObject({ channel: room, info: { client: witness.client } });
    const guest = await server.connect(`${user}-2`, [room]);
    const info = { user: `${user}-2`, client: guest.client };
    expect(await witness.next("join")).toEqual({ type: "join", channel: room, info });
    await cent.disconnect({ user: `${user}-2` });
    expect(await witness.next("leave")).toEqual({ type: "leave", channel: room, info });
  });

  test("disconnect spares the whitelist, and sends the code and the reason", async () => {
    const [kept, gone] = [await server.connect(user, [channel]), await server.connect(user, [channel])];
    const disconnect = { code: 4000, reason: "bye" };
    await cent.disconnect({ user, whitelist: [kept.client], disconnect });
    expect(await gone.next("disconnect")).toEqual({ type: "disconnect", ...disconnect });
    expect(Object.keys((await cent.presence({ channel })).presence)).toEqual([kept.client]);
    await cent.disconnect({ user });
    expect(await kept.next("disconnect")).toEqual({
      ...{ type: "disconnect", code: 3503, reason: "force disconnect" },
    });
  });

  test("refresh prolongs a connection, and closes an expired one", async () => {
    const receiver = await server.connect(user, [channel]);
    await cent.refresh({ user, expireAt: Math.floor(Date.now() / 1000) + 600 });
    await cent.publish({ channel, data: 1 });
    expect(await receiver.next("publication")).toMatchObject({ data: 1 });
    await cent.refresh({ user, expired: true });
    expect(await receiver.next("disconnect")).toEqual({
      ...{ type: "disconnect", code: 3005, reason: "connection expired" },
    });
  });
}
