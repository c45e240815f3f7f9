import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import type { EnvProxy } from "../../../src/transport/http/env-proxy.ts";
import type { Undici } from "../../../src/transport/http/load-undici.ts";
import { openPool } from "../../../src/transport/http/open-pool.ts";
import type { PostClientOptions } from "../../../src/transport/http/post-client.ts";

const origin = "https://centrifugo.test";
const proxy: EnvProxy = {
  variables: { httpProxy: "", httpsProxy: "http://user:secret@proxy.test:1", noProxy: "" },
  address: "http://proxy.test:1",
};

type Connect = (options: object, callback: (...made: unknown[]) => void) => void;

class FakeDispatcher {
  readonly given: unknown[];

  constructor(...given: unknown[]) {
    this.given = given;
  }
}
class FakePool extends FakeDispatcher {}
class FakeAgent extends FakeDispatcher {}

/** Opens a pool of a fake undici, whose sockets the test makes. */
function open(options: Partial<PostClientOptions> = {}, given?: EnvProxy, withProxy = true) {
  const { signal } = new AbortController();
  const connector = vi.fn<Connect>();
  const buildConnector = vi.fn((_options: object) => connector);
  const connectThrough = () => {};
  const agent = { EnvHttpProxyAgent: FakeAgent, connect: connectThrough };
  const undici = { Pool: FakePool, buildConnector, proxy: withProxy ? agent : undefined };
  const target = openPool(undici as unknown as Undici, { origin, ...options }, given, signal);
  const dispatcher = target.dispatcher as unknown as FakeDispatcher;
  const settings = dispatcher.given.at(-1) as Record<string, unknown> & { connect: Connect };
  return { target, dispatcher, settings, signal, connector, buildConnector, connectThrough };
}

const defaults = { connections: 64, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000 };

test("a pool has 64 connections, 4 s of keep-alive, 10 s to connect and no HTTP/2 by default", () => {
  const { target, dispatcher, settings, signal, buildConnector } = open();
  expect(dispatcher).toBeInstanceOf(FakePool);
  expect(dispatcher.given).toEqual([origin, { ...defaults, connect: expect.any(Function) }]);
  expect(settings).not.toHaveProperty("keepAliveMaxTimeout");
  expect(buildConnector.mock.calls).toStrictEqual([[{ allowH2: false, timeout: 10_000, signal }]]);
  expect(target.place()).toBe(origin);
});

test("a pool has the settings of its client", () => {
  const { settings, signal, buildConnector } = open({
    maxInFlight: 3,
    keepAliveMs: 7,
    connectTimeoutMs: 9,
    socketPath: "/run/a.sock",
    tls: { servername: "b" },
  });
  expect(settings).toMatchObject({ connections: 3, keepAliveTimeout: 7, keepAliveMaxTimeout: 7 });
  expect(buildConnector.mock.calls).toStrictEqual([
    [{ servername: "b", socketPath: "/run/a.sock", allowH2: false, timeout: 9, signal }],
  ]);
});

test("a pool passes on the socket or the error of a connection, and destroys a socket with an error", () => {
  const { settings, connector } = open();
  const options = { hostname: "centrifugo.test" };
  const callback = vi.fn();
  settings.connect(options, callback);
  expect(connector.mock.calls[0]?.[0]).toBe(options);
  const socket = Object.assign(new EventEmitter(), { destroy: vi.fn() });
  connector.mock.calls[0]?.[1](null, socket);
  expect(callback).toHaveBeenLastCalledWith(null, socket);
  expect(socket.destroy).not.toHaveBeenCalled();
  socket.emit("error", new Error("certificate required"));
  expect(socket.destroy).toHaveBeenCalledOnce();
  const error = new Error("refused");
  connector.mock.calls[0]?.[1](error, null);
  expect(callback).toHaveBeenLastCalledWith(error, null);
});

test("a pool is direct if undici has no agent for the proxy", () => {
  const { target, dispatcher } = open({}, proxy, false);
  expect(dispatcher).toBeInstanceOf(FakePool);
  expect(target.place()).toBe(origin);
});

test("a pool through a proxy has the same settings, for tunnels and for forwarded requests", () => {
  const { dispatcher, settings, signal, connectThrough } = open(
    { connectTimeoutMs: 9, tls: { servername: "b" } },
    proxy,
  );
  expect(dispatcher).toBeInstanceOf(FakeAgent);
  const { connect: _, clientFactory, factory, ...rest } = settings;
  const make = { clientFactory, factory } as Record<string, (url: string, given: object) => FakePool>;
  const limits = { allowH2: false, timeout: 9, signal };
  expect(rest).toEqual({
    ...defaults,
    ...proxy.variables,
    requestTls: { servername: "b", ...limits },
    proxyTls: limits,
  });
  const tunnel = make.clientFactory?.("http://proxy.test:1", { connections: 1 });
  expect(tunnel).toBeInstanceOf(FakePool);
  expect(tunnel).toMatchObject({
    given: ["http://proxy.test:1", { connections: 1, headersTimeout: 9 }],
    connect: connectThrough,
  });
  const forwarding = make.factory?.("http://proxy.test:1", { connections: 1 });
  expect(forwarding).toBeInstanceOf(FakePool);
  expect(forwarding?.given).toEqual(["http://proxy.test:1", { ...defaults, connections: 1 }]);
});

test("a failure names the proxy until a connection goes around it, as NO_PROXY says", () => {
  const { target, settings } = open({}, proxy);
  expect(target.place()).toBe(`${origin} through the proxy http://proxy.test:1`);
  settings.connect({}, () => {});
  expect(target.place()).toBe(origin);
});
