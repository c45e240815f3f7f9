import { randomUUID } from "node:crypto";
import { Centrifuge } from "centrifuge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CentClient, Pages } from "../../src/index.ts";
import { CentPositionError, paginate } from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { signToken, webSocketUrl } from "./receiver.ts";
import type { ServerKind, ServerUnderTest, TransportName } from "./servers.ts";
import { clientOf, describeEachServer, transports } from "./servers.ts";

describeEachServer((kind) => describe.each(transports)("over %s", (transport) => paging(kind, transport)), {
  needs: "config.json",
});

function paging(kind: ServerKind, transport: TransportName): void {
  let server: ServerUnderTest;
  let cent: CentClient;

  beforeAll(async () => {
    server = await kind.start();
    cent = clientOf(server, transport);
  });

  afterAll(async () => {
    await cent.close();
    await server[Symbol.asyncDispose]();
  });

  const publish = async (channel: string, count: number) => {
    for (let data = 1; data <= count; data++) await cent.publish({ channel, data });
  };
  const setKeys = async (channel: string, count: number) => {
    for (let data = 1; data <= count; data++) await cent.mapPublish({ channel, key: `k${data}`, data });
  };
  const offsetsOf = async (pages: Pages<object, { offset: number }>, list: string) => {
    const all: number[][] = [];
    for await (const page of pages)
      all.push((Reflect.get(page, list) as { offset: number }[]).map(({ offset }) => offset));
    return all;
  };

  test.each([0, 1, 2, 3, 4])(
    "a history of %i publications has pages to its end, in both ways",
    async (count) => {
      const channel = randomUUID();
      await publish(channel, count);
      for (const reverse of [false, true]) {
        const pages = await offsetsOf(
          paginate(cent, "history", { channel, limit: 2, reverse }),
          "publications",
        );
        const offsets = Array.from({ length: count }, (_, index) => index + 1);
        expect(pages.flat()).toEqual(reverse ? offsets.reverse() : offsets);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(count / 2)));
      }
    },
  );

  test("a trimmed history has pages from its oldest publication, and in reverse down to it", async () => {
    const channel = `short:${randomUUID()}`;
    await publish(channel, 7);
    const forward = paginate(cent, "history", { channel, limit: 2 });
    expect(await offsetsOf(forward, "publications")).toEqual([[5, 6], [7]]);
    const reverse = paginate(cent, "history", { channel, limit: 2, reverse: true });
    expect(await offsetsOf(reverse, "publications")).toEqual([[7, 6], [5]]);
  });

  test("a history that is trimmed between two pages has no second one", async () => {
    const channel = `short:${randomUUID()}`;
    await publish(channel, 3);
    const pages = paginate(cent, "history", { channel, limit: 1 })[Symbol.asyncIterator]();
    const { value } = await pages.next();
    expect(value?.publications).toMatchObject([{ offset: 1 }]);
    await publish(channel, 3);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({ channel, position: { offset: 1, epoch: value?.epoch } });
  });

  test("a history that is removed between two pages has no second one", async () => {
    const channel = randomUUID();
    await publish(channel, 3);
    const pages = paginate(cent, "history", { channel, limit: 1 })[Symbol.asyncIterator]();
    await pages.next();
    await cent.historyRemove({ channel });
    expect(await rejection(pages.next())).toBeInstanceOf(CentPositionError);
  });

  test("a history of another epoch has no pages", async () => {
    const channel = randomUUID();
    await publish(channel, 3);
    const since = { offset: 1, epoch: "other" };
    const error = await rejection(paginate(cent, "history", { channel, since }).toArray({ limit: 9 }));
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({ position: since, cause: { code: 112 } });
  });

  test.each([0, 1, 2, 3, 4])("the state of %i keys has pages to its end", async (count) => {
    for (const namespace of ["board", "kept", "brief"]) {
      const channel = `${namespace}:${randomUUID()}`;
      await setKeys(channel, count);
      const read = await paginate(cent, "mapReadState", { channel, limit: 2 }).toArray({ limit: 99 });
      expect(read.map(({ key }) => key)).toEqual(
        Array.from({ length: count }, (_, index) => `k${index + 1}`),
      );
    }
  });

  test("the state of a map that is cleared between two pages has no second one", async () => {
    const channel = `kept:${randomUUID()}`;
    await setKeys(channel, 3);
    const pages = paginate(cent, "mapReadState", { channel, limit: 2 })[Symbol.asyncIterator]();
    const { value } = await pages.next();
    await cent.mapClear({ channel });
    await setKeys(channel, 3);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({ position: { offset: 3, epoch: value?.epoch } });
  });

  test("the changes of a map have pages to their end, in both ways", async () => {
    const channel = `kept:${randomUUID()}`;
    await setKeys(channel, 4);
    await cent.mapRemove({ channel, key: "k1" });
    const request = { channel, limit: 2 };
    expect(await offsetsOf(paginate(cent, "mapReadStream", request), "entries")).toEqual([
      [1, 2],
      [3, 4],
      [5],
    ]);
    const reverse = paginate(cent, "mapReadStream", { ...request, reverse: true });
    expect(await offsetsOf(reverse, "entries")).toEqual([[5, 4], [3, 2], [1]]);
  });

  test("the changes of a map that are trimmed between two pages have no second one", async () => {
    const channel = `tight:${randomUUID()}`;
    await setKeys(channel, 3);
    const pages = paginate(cent, "mapReadStream", { channel, limit: 1 })[Symbol.asyncIterator]();
    const { value } = await pages.next();
    await setKeys(channel, 3);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({ position: { offset: 1, epoch: value?.epoch }, cause: { code: 112 } });
  });

  test("changes after the position of the state are those that the state lacks", async () => {
    const channel = `kept:${randomUUID()}`;
    await setKeys(channel, 3);
    const pages = paginate(cent, "mapReadState", { channel, limit: 2 })[Symbol.asyncIterator]();
    const { value: first } = await pages.next();
    await cent.mapPublish({ channel, key: "k9", data: 9 });
    const request = { channel, sinceOffset: first?.offset, sinceEpoch: first?.epoch };
    const changes = await paginate(cent, "mapReadStream", request).toArray({ limit: 9 });
    expect(changes.map(({ key }) => key)).toEqual(["k9"]);
  });

  // The embedded server has no WebSockets.
  if (kind.isReal)
    test("a browser that gets position, then state, then subscribes misses nothing", async () => {
      const channel = `recovering:${randomUUID()}`;
      await cent.publish({ channel, data: "in the state" });
      const centrifuge = new Centrifuge(webSocketUrl(server.httpUrl), {
        token: signToken({ sub: "user" }),
        websocket: WebSocket,
      });
      const received: unknown[] = [];
      const subscription = centrifuge.newSubscription(channel, {
        getState: async () => {
          const { offset, epoch } = await cent.history({ channel });
          await cent.publish({ channel, data: "after the position" });
          return { offset, epoch };
        },
      });
      subscription.on("publication", ({ offset, data }) => received.push([offset, data]));
      try {
        subscription.subscribe();
        centrifuge.connect();
        await subscription.ready(5_000);
        await cent.publish({ channel, data: "after the subscribe" });
        await expect
          .poll(() => received)
          .toEqual([
            [2, "after the position"],
            [3, "after the subscribe"],
          ]);
      } finally {
        centrifuge.disconnect();
      }
    });
}
