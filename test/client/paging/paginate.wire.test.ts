import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentPositionError, CentTimeoutError, createClient, paginate } from "../../../src/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import type { Answer } from "../../harness/scripted-server.ts";
import { protocols, startScripted, table } from "../../harness/scripted-server.ts";
import { config, offsetsOf, publish, setKeys } from "./set-up.ts";

/** Answers with the items `1` to `5`, and with the last of a page as its cursor. */
const listOfFive: Answer = ({ method, message }) => {
  const { cursor, limit } = message as Message & { cursor: string; limit: number };
  const from = Number(cursor || 0);
  const to = Math.min(from + limit, 5);
  const items = Array.from({ length: to - from }, (_, index) => ({ id: `${from + index + 1}` }));
  const output = table.byName(method)?.rpc.output ?? expect.fail(`no method ${method}`);
  const response = { result: { items, nextCursor: to < 5 ? `${to}` : "", totalCount: 5n } };
  return create(output, response);
};

describe.each(protocols)("over %s", (protocol) => {
  const embedded = async () => {
    const server = await startTestServer({ config });
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    const cent = createClient({ transport: protocol, url, apiKey: server.apiKey, retry: false });
    return { server, cent };
  };

  test.each(["deviceList", "deviceTopicList", "userTopicList"] as const)(
    "%s is read to its last page, by the cursors of a server of PRO",
    async (method) => {
      await using server = await startScripted(protocol, listOfFive);
      await using cent = clientOf(protocol, server);
      const read: string[][] = [];
      for await (const { items, totalCount } of paginate(cent, method, {
        limit: 2,
        includeTotalCount: true,
      })) {
        read.push(items.map(({ id }) => id));
        expect(totalCount).toBe(5);
      }
      expect(read).toEqual([["1", "2"], ["3", "4"], ["5"]]);
      expect(server.received.map(({ message }) => message)).toMatchObject([
        { cursor: "", limit: 2, includeTotalCount: true },
        { cursor: "2", limit: 2, includeTotalCount: true },
        { cursor: "4", limit: 2, includeTotalCount: true },
      ]);
    },
  );

  test("a history, a map's state and its changes are read to their ends", async () => {
    const { server, cent } = await embedded();
    await using _server = server;
    await using _cent = cent;
    await publish(cent, "chat", 5);
    await setKeys(cent, "board:a", 5);
    const history = paginate(cent, "history", { channel: "chat", limit: 2 });
    expect(await offsetsOf(history, "publications")).toEqual([[1, 2], [3, 4], [5]]);
    const reverse = paginate(cent, "history", { channel: "chat", limit: 2, reverse: true });
    expect(await offsetsOf(reverse, "publications")).toEqual([[5, 4], [3, 2], [1]]);
    const state = paginate(cent, "mapReadState", { channel: "board:a", limit: 2 });
    expect(await offsetsOf(state, "entries")).toEqual([[1, 2], [3, 4], [5]]);
    const changes = paginate(cent, "mapReadStream", { channel: "board:a", limit: 2 });
    expect(await offsetsOf(changes, "entries")).toEqual([[1, 2], [3, 4], [5]]);
  });

  test("a lost position has the server's error as its cause, with the reply's headers", async () => {
    const { server, cent } = await embedded();
    await using _server = server;
    await using _cent = cent;
    await setKeys(cent, "board:a", 3);
    const pages = paginate(cent, "mapReadState", { channel: "board:a", limit: 2 })[Symbol.asyncIterator]();
    const { value } = await pages.next();
    await cent.mapClear({ channel: "board:a" });
    await setKeys(cent, "board:a", 1);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({
      position: { offset: 3, epoch: value?.epoch },
      attempts: 1,
      headers: { "content-type": expect.any(String) },
      cause: { code: 112 },
    });
  });

  test("timeoutMs is the time of one page", async () => {
    const { server, cent } = await embedded();
    await using _server = server;
    await using _cent = cent;
    await publish(cent, "chat", 4);
    const options = { timeoutMs: 1_000 };
    const pages = paginate(cent, "history", { channel: "chat", limit: 1 }, options);
    server.fail("history", { delayMs: 300 }, { times: 4 });
    expect(await pages.toArray({ limit: 9 })).toHaveLength(4);
    server.fail("history", { delayMs: 5_000 });
    expect(await rejection(pages.toArray({ limit: 9 }))).toBeInstanceOf(CentTimeoutError);
  });

  test("a signal ends the page that is under way", async () => {
    const { server, cent } = await embedded();
    await using _server = server;
    await using _cent = cent;
    await publish(cent, "chat", 4);
    const stop = new AbortController();
    const pages = paginate(cent, "history", { channel: "chat", limit: 1 }, { signal: stop.signal });
    const iteration = pages[Symbol.asyncIterator]();
    await iteration.next();
    server.fail("history", { delayMs: 5_000 });
    const next = rejection(iteration.next());
    stop.abort(new Error("enough"));
    expect(await next).toMatchObject({ message: "enough" });
  });
});
