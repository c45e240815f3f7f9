import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import type { Dispatcher } from "undici";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { ClientOptions, TransportOptions } from "../../src/index.ts";
import { CentRequestError, createClient, createCommand } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";

const url = "http://centrifugo.test/api";

/** A fetch that answers when the test says so. */
function heldFetch() {
  const held: (() => void)[] = [];
  const fetch = () =>
    new Promise<Response>((resolve) => held.push(() => resolve(new Response('{"result":{}}'))));
  return {
    fetch: fetch as typeof globalThis.fetch,
    sent: () => held.length,
    answer() {
      for (const one of held.splice(0)) one();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the methods of a client", () => {
  const without = (name: string) => {
    const methods = CentrifugoApi.methods.filter((method) => method.name !== name);
    return createClient({ url, service: { ...CentrifugoApi, methods } as DescService });
  };

  test("a client has publishMany and broadcastMany where its service has what they are made of", () => {
    const names = Object.keys(createClient({ url }));
    expect(names).toEqual(expect.arrayContaining(["publish", "publishMany", "broadcastMany", "close"]));
    expect(Object.keys(without("Broadcast"))).not.toContain("broadcastMany");
    expect(Object.keys(without("Broadcast"))).toContain("publishMany");
    expect(Object.keys(without("Publish"))).not.toContain("publishMany");
  });

  test("a client is closed where its `await using` block ends", async () => {
    const client = createClient({ url, http: { fetch: heldFetch().fetch } });
    await client[Symbol.asyncDispose]();
    expect(await rejection(client.info())).toMatchObject({ message: "info: the client is closed" });
  });
});

describe("the requests that are under way at a time", () => {
  test("a fetch of the caller's gets all of them, or maxInFlight", async () => {
    const { fetch, sent, answer } = heldFetch();
    const client = createClient({ url, http: { fetch } });
    const calls = Array.from({ length: 100 }, () => client.info());
    await turn();
    expect(sent()).toBe(100);
    answer();
    await Promise.all(calls);
    const limited = createClient({ url, http: { fetch }, maxInFlight: 2, maxQueued: 1, retry: false });
    const few = Array.from({ length: 4 }, () => limited.info());
    const last = rejection(few[3] as Promise<unknown>);
    await turn();
    expect(sent()).toBe(2);
    expect(await last).toMatchObject({ name: "CentQueueFullError" });
    answer();
    await turn();
    await turn();
    answer();
    await Promise.all(few.slice(0, 3));
  });

  test("the client's own connections take 64 calls, and maxQueued limits the calls that wait", async () => {
    const client = createClient({ url, maxQueued: 0, retry: false });
    const controller = new AbortController();
    const { signal } = controller;
    const taken = Array.from({ length: 64 }, () => rejection(client.info({}, { signal })));
    const refused = rejection(client.info());
    // The calls end before the client has loaded what opens connections.
    controller.abort("enough");
    expect(await refused).toMatchObject({ name: "CentQueueFullError" });
    expect(new Set(await Promise.all(taken))).toEqual(new Set(["enough"]));
  });

  test("a dispatcher of the caller's gets all of them", async () => {
    const handlers: Dispatcher.DispatchHandler[] = [];
    const dispatch = (_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
      handlers.push(handler) > 0;
    const client = createClient({ url, http: { dispatcher: { dispatch } as unknown as Dispatcher } });
    const calls = Array.from({ length: 100 }, () => rejection(client.info({}, { retry: false })));
    await turn();
    expect(handlers).toHaveLength(100);
    for (const handler of handlers) handler.onResponseError?.({} as never, new Error("no"));
    await Promise.all(calls);
  });
});

describe("batching by a client", () => {
  /** The RPCs that two reads of data at the same time are sent as. Each fails before it is sent. */
  async function rpcsOf(options: ClientOptions | TransportOptions): Promise<string[]> {
    const given = { batching: true, retry: false, ...options } as const;
    const client = "url" in given ? createClient(given) : createClient(given as TransportOptions);
    await Promise.all(["a", "b"].map((channel) => rejection(client.history({ channel }))));
    await client.close();
    return names.splice(0);
  }

  const names: string[] = [];
  const note = (name: string): never => {
    names.push(name);
    throw new Error("not sent");
  };
  const interceptors: Interceptor[] = [
    () =>
      async ({ method }) =>
        note(method.name),
  ];
  const transport = { unary: async ({ name }: DescMethod) => note(name) } as unknown as Transport;

  test("reads of data share a request over gRPC alone, where data need not be JSON", async () => {
    expect(await rpcsOf({ transport: "grpc", url, interceptors })).toEqual(["Batch"]);
    expect(await rpcsOf({ transport: "http", url, interceptors })).toEqual(["History", "History"]);
    expect(await rpcsOf({ transport })).toEqual(["History", "History"]);
  });
});

describe("createCommand", () => {
  test("a string that is written with escapes is a string in the payload", () => {
    const json = { stringify: () => '{"text":"\\u0061","n":1.0}', parse: JSON.parse };
    const { payload } = createCommand("publish", { channel: "a", data: 1 }, { json });
    expect(payload.data).toMatchObject({ text: "a" });
    expect(JSON.stringify(payload)).toBe('{"channel":"a","data":{"text":"a","n":1.0}}');
  });

  test("wrong options and methods are named", () => {
    const command = (method: string, options?: object) => () =>
      createCommand(method as "publish", { channel: "a", data: 1 }, options);
    expect(command("publish", { jsn: JSON })).toThrow("publish: jsn: unknown option; did you mean json?");
    expect(command("info")).toThrow(
      expect.objectContaining({ constructor: CentRequestError, method: "info" }),
    );
  });
});

test("a caller's transport gets whole milliseconds, as Connect's own refuse a part of one", async () => {
  const { client } = createTestClient();
  await expect(client.publish({ channel: "c", data: 1 }, { timeoutMs: 1_500.5 })).resolves.toHaveProperty(
    "offset",
  );
});
