import type { DescService } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { CentRequestError, createClient, paginate } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { publish, setUp } from "./set-up.ts";

const paged = "history, deviceList, deviceTopicList, userTopicList, mapReadState, mapReadStream";

/** The error that `paginate` throws for wrong arguments. */
function refusal(...given: readonly unknown[]): unknown {
  try {
    paginate(...(given as Parameters<typeof paginate>));
  } catch (error) {
    return error;
  }
  return expect.fail("paginate accepted it");
}

describe("wrong arguments of paginate", () => {
  const { client } = setUp();
  const request = { channel: "chat" };

  test.each<[unknown[], string, string | undefined]>([
    [[undefined, "history", request], "paginate: cent: expected a client of createClient", "cent"],
    [["http://localhost", "history", request], "paginate: cent: expected a client of createClient", "cent"],
    [[{}, "history", request], "paginate: cent: expected a client with the method history", "cent"],
    [[client, "histroy", request], "paginate: method: unknown method; did you mean history?", "method"],
    [[client, "device_list", {}], "paginate: method: unknown method; did you mean deviceList?", "method"],
    [[client, "nothing", {}], `paginate: method: unknown method; expected one of ${paged}`, "method"],
    [[client, undefined, {}], `paginate: method: unknown method; expected one of ${paged}`, "method"],
    [[client, "publish", {}], `paginate: method: publish has no pages; expected one of ${paged}`, "method"],
    [[client, "channels", {}], `paginate: method: channels has no pages; expected one of ${paged}`, "method"],
    [[client, "history"], "history: expected an object, got undefined", undefined],
    [[client, "history", []], "history: expected an object, got an array", undefined],
    [
      [client, "history", { limit: 0 }],
      "history: limit: expected the size of a page: an integer above 0, got 0",
      "limit",
    ],
    [
      [client, "history", { limit: -1 }],
      "history: limit: expected the size of a page: an integer above 0, got -1",
      "limit",
    ],
    [
      [client, "history", { limit: "5" }],
      "history: limit: expected the size of a page: an integer above 0, got 5",
      "limit",
    ],
    [
      [client, "history", request, { timeout: 1 }],
      "history: timeout: unknown option; did you mean timeoutMs?",
      "timeout",
    ],
    [[client, "history", request, { signal: 1 }], "history: signal: expected an AbortSignal", "signal"],
    [[client, "history", request, null], "history: options: expected an object", "options"],
  ])("paginate refuses %o: %s", (given, message, field) => {
    const error = refusal(...given);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ message, field, maybeExecuted: false, attempts: 0 });
  });

  test.each([undefined, null, 5, {}, { publications: "abc" }, { publications: null }])(
    "a mock that returns %o is named in the error",
    async (result) => {
      const mock = { history: async () => result };
      const pages = paginate(mock as unknown as typeof client, "history", { channel: "chat" });
      await expect(pages.toArray({ limit: 1 })).rejects.toMatchObject({
        name: "CentDecodeError",
        message: "history: expected a result with the list publications",
      });
    },
  );

  test("a limit of toArray that cannot be shown is refused", async () => {
    const pages = paginate(client, "history", { channel: "chat" });
    await expect(pages.toArray({ limit: Object.create(null) as number })).rejects.toMatchObject({
      name: "CentRequestError",
      message: "toArray of history: limit: expected an integer above 0, got an object",
    });
  });

  test.each<[object, string]>([
    [{ chanel: "chat" }, "history: chanel: unknown field; did you mean channel?"],
    [{}, "history: channel: is required"],
    [
      { channel: "chat", since: { offset: "5" } },
      "history: since.offset: expected a non-negative 64-bit integer, got string",
    ],
    [{ channel: "chat", since: 5 }, "history: since: expected an object, got 5"],
  ])("the first page refuses the request %o", async (given, message) => {
    const pages = paginate(client, "history", given as never);
    await expect(pages.toArray({ limit: 1 })).rejects.toMatchObject({ name: "CentRequestError", message });
  });

  test("a closed client refuses the first page", async () => {
    const { client: closed } = createTestClient();
    await closed.close();
    const pages = paginate(closed, "history", request);
    await expect(pages.toArray({ limit: 1 })).rejects.toThrow("the client is closed");
  });
});

describe("the request of a page", () => {
  test("the size of a page is 100 by default", async () => {
    const { client, server } = setUp();
    await paginate(client, "history", { channel: "chat" }).toArray({ limit: 1 });
    await paginate(client, "history", { channel: "chat", limit: undefined }).toArray({ limit: 1 });
    await paginate(client, "history", { channel: "chat", limit: 7 }).toArray({ limit: 1 });
    expect(server.calls.map(({ request }) => Reflect.get(request, "limit"))).toEqual([100, 100, 7]);
  });

  test("a request may be an object of a class with getters", async () => {
    class Request {
      get channel() {
        return "chat";
      }
      get limit() {
        return 2;
      }
    }
    const { client, server } = setUp();
    await publish(client, "chat", 3);
    const read = await paginate(client, "history", new Request()).toArray({ limit: 9 });
    expect(read).toHaveLength(3);
    expect(server.calls.at(-1)?.request).toMatchObject({ channel: "chat", limit: 2, since: { offset: 2 } });
  });
});

describe("the client of paginate", () => {
  test("a client of another service has its methods", () => {
    const methods = CentrifugoApi.methods.filter(({ name }) => name !== "DeviceList");
    const service = { ...CentrifugoApi, methods } as DescService;
    const cent = createClient({ url: "http://centrifugo.test/api", service });
    expect(refusal(cent, "deviceList", {})).toMatchObject({
      message: `paginate: method: unknown method; expected one of ${paged.replace(" deviceList,", "")}`,
    });
    expect(() => paginate(cent, "userTopicList", {})).not.toThrow();
  });

  test("a method that only another service has is read by its fields", async () => {
    const { deviceList } = CentrifugoApi.method;
    const archiveList = { ...deviceList, name: "ArchiveList", localName: "archiveList" };
    const service = {
      ...CentrifugoApi,
      methods: [...CentrifugoApi.methods, archiveList],
      method: { ...CentrifugoApi.method, archiveList },
    } as DescService;
    const { client } = createTestClient({
      service,
      methods: {
        archiveList: (request) => {
          const isFirst = Reflect.get(request, "cursor") === undefined;
          return { items: [{ id: isFirst ? "1" : "2" }], nextCursor: isFirst ? "1" : "" };
        },
      },
    });
    const read = await paginate(client, "archiveList", {}).toArray({ limit: 9 });
    expect(read).toMatchObject([{ id: "1" }, { id: "2" }]);
  });

  test("a stand-in keeps its `this`", async () => {
    class Stub {
      readonly page = { publications: [], offset: 0, epoch: "e" };
      async history(_request: { channel: string; limit?: number; since?: object }) {
        return this.page;
      }
    }
    const pages = paginate(new Stub(), "history", { channel: "chat" });
    expect(await pages.toArray({ limit: 1 })).toEqual([]);
  });
});
