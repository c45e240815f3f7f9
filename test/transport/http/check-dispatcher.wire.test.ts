import { EventEmitter } from "node:events";
import { create } from "@bufbuild/protobuf";
import * as undici8 from "undici";
import * as undici6 from "undici6";
import * as undici7 from "undici7";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { InfoResponseSchema } from "#api";
import { createClient } from "../../../src/index.ts";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import { startHttpProxy } from "../../harness/http-proxy.ts";
import { resultOf } from "../../harness/result-of.ts";
import { startScripted } from "../../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
/** Stands for each version of undici: their types differ in parts that these tests do not use. */
type Undici = typeof undici8;

/** A dispatcher of each class, for a server at this origin. */
const dispatchers: readonly (readonly [string, (undici: Undici, origin: string) => undici8.Dispatcher])[] = [
  ["Agent", ({ Agent }) => new Agent()],
  ["Pool", ({ Pool }, origin) => new Pool(origin)],
  ["Client", ({ Client }, origin) => new Client(origin)],
  ["BalancedPool", ({ BalancedPool }, origin) => new BalancedPool(origin)],
  ["RetryAgent", ({ RetryAgent, Agent }) => new RetryAgent(new Agent())],
  ["EnvHttpProxyAgent", ({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent({ noProxy: "*" })],
  ["Agent that is composed", ({ Agent, interceptors }) => new Agent().compose(interceptors.retry())],
  [
    "Agent that is composed twice",
    ({ Agent, interceptors }) => new Agent().compose(interceptors.retry()).compose(interceptors.redirect()),
  ],
  ["MockAgent", mockAgent],
  ["MockAgent that is composed", (undici, origin) => mockAgent(undici, origin).compose([])],
];

function mockAgent({ MockAgent }: Undici, origin: string): undici8.MockAgent {
  const agent = new MockAgent();
  agent.get(origin).intercept({ method: "POST", path: "/api/info" }).reply(200, '{"result":{"nodes":[]}}');
  return agent;
}

describe.each([
  ["7", undici7],
  ["8", undici8],
])("undici %s", (_version, undici) => {
  test.each(dispatchers)("http.dispatcher sends calls through undici's %s", async (_class, make) => {
    await using server = await startScripted("http", () => info);
    const dispatcher = make(undici as unknown as Undici, `http://127.0.0.1:${server.port}`);
    await using client = clientOf("http", server, { http: { dispatcher }, timeoutMs: 5_000 });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    await dispatcher.close();
  });

  test("http.dispatcher sends calls through undici's ProxyAgent", async () => {
    await using server = await startScripted("http", () => info);
    await using proxy = await startHttpProxy();
    const { ProxyAgent } = undici as unknown as Undici;
    const dispatcher = new ProxyAgent({ uri: proxy.url, proxyTunnel: true });
    await using client = clientOf("http", server, { http: { dispatcher }, timeoutMs: 5_000 });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    expect(proxy.accepted()).toBe(1);
    await dispatcher.close();
  });
});

describe("older versions of undici", () => {
  test.each([
    ...dispatchers,
    ["ProxyAgent", ({ ProxyAgent }: Undici) => new ProxyAgent("http://127.0.0.1:1")] as const,
  ])("http.dispatcher refuses undici 6's %s", async (_class, make) => {
    const dispatcher = make(undici6 as unknown as Undici, "http://127.0.0.1:2");
    expect(() => createClient({ url: "http://127.0.0.1:2/api", http: { dispatcher } })).toThrow(
      new TypeError("http.dispatcher: expected a dispatcher of undici 7 or 8, got one of an older undici"),
    );
    await dispatcher.close();
  });

  test("http.dispatcher refuses undici 5's Agent, which cannot be composed", () => {
    class Dispatcher extends EventEmitter {
      dispatch() {}
      pipeline() {}
      stream() {}
      upgrade() {}
    }
    class Agent extends Dispatcher {}
    const dispatcher = new Agent() as unknown as undici8.Dispatcher;
    const create = () => createClient({ url: "http://127.0.0.1:2/api", http: { dispatcher } });
    expect(create).toThrow(/^http\.dispatcher: expected a dispatcher of undici 7 or 8/);
  });
});

describe("dispatchers of callers", () => {
  const refuse = vi.fn((): never => {
    throw new Error("refused");
  });
  beforeEach(() => {
    refuse.mockClear();
  });

  class Emitting extends EventEmitter {
    readonly dispatch = refuse;
    readonly compose = refuse;
    readonly close = refuse;
  }
  class OfUndici extends undici8.Dispatcher {
    override dispatch = refuse;
  }

  test.each([
    ["a plain object", { dispatch: refuse }],
    ["an object without a prototype", Object.assign(Object.create(null), { dispatch: refuse })],
    ["an object with functions of undici's names", { dispatch: refuse, compose: refuse, pipeline: refuse }],
    ["an emitter", new Emitting()],
    ["a class that extends undici's Dispatcher", new OfUndici()],
    ["a function", Object.assign(() => {}, { dispatch: refuse })],
  ])("http.dispatcher takes %s, and uses it for each call, but not before", async (_title, dispatcher) => {
    await using client = createClient({
      url: "http://127.0.0.1:2/api",
      http: { dispatcher: dispatcher as unknown as undici8.Dispatcher },
      retry: false,
    });
    expect(refuse).not.toHaveBeenCalled();
    expect(await rejection(client.info())).toMatchObject({ message: expect.stringContaining("refused") });
    expect(refuse).toHaveBeenCalledTimes(1);
  });
});
