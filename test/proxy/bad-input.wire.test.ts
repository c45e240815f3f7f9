import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { inspect } from "node:util";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { createProxy } from "../../src/proxy/index.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import { listen } from "../harness/listening-server.ts";
import { GrpcClient } from "./grpc-client.ts";

// Requests that are made to do harm, over real sockets. After each of them the servers still answer.

const secret = "a-secret-that-nobody-sees";
const header = "x-centrifugo-secret";
const { rPC: rpc, connect, subscribe } = CentrifugoProxy.method;
const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
const channels = Array.from({ length: 150_000 }, (_, n) => `chan${n}`);
const utf8 = (text: string) => new TextEncoder().encode(text);

const handler = vi.fn(() => ({ data: "answered" }));
const reported: unknown[] = [];
const proxy = createProxy({
  secret,
  onError: (...given) => reported.push(given),
  connect: () => ({ user: "42" }),
  rpc: { m: handler },
});
let http: ListeningServer;
let http2: ListeningServer;
let client: GrpcClient;
let stranger: GrpcClient;

beforeAll(async () => {
  http = await listen(createServer(proxy.node));
  http2 = await listen(createHttp2Server(connectNodeAdapter({ routes: proxy.routes })));
  client = new GrpcClient(http2.port, [[header, secret]]);
  stranger = new GrpcClient(http2.port);
});
afterAll(async () => {
  for (const one of [client, stranger]) one?.close();
  for (const one of [http, http2]) await one?.[Symbol.asyncDispose]();
});
const post = async (path: string, body: string, headers: Record<string, string> = { [header]: secret }) => {
  const response = await fetch(`http://127.0.0.1:${http.port}${path}`, { method: "POST", body, headers });
  return [response.status, await response.text()] as const;
};
afterEach(async () => {
  handler.mockClear();
  expect(await post("/c/rpc", '{"method":"m"}')).toEqual([200, '{"result":{"data":"answered"}}']);
  expect((await client.call(rpc, { method: "m" })).result?.data).toEqual(utf8('"answered"'));
  handler.mockClear();
});

describe("over HTTP", () => {
  test.each([
    ["data nested 10,000 deep", "/c/rpc", `{"method":"m","data":${deep}}`, 400],
    ["meta nested 10,000 deep", "/c/rpc", `{"method":"m","meta":${deep}}`, 400],
    ["lists in place of the request, 10,000 deep", "/c/rpc", deep, 400],
    ["messages nested 10,000 deep", "/c/rpc", `{"labels":`.repeat(10_000), 400],
    ["__proto__ in data", "/c/rpc", '{"method":"m","data":{"__proto__":{"admin":true}}}', 400],
    ["a megabyte of channels", "/c/connect", JSON.stringify({ channels }), 413],
    ["a percent sign in the event", "/c/rp%63", '{"method":"m"}', 404],
    ["an escaped slash in the event", "/c%2Frpc", '{"method":"m"}', 404],
    ["a slash behind the event", "/c/rpc/", '{"method":"m"}', 404],
    ["a broken percent sign", "/c/%", '{"method":"m"}', 404],
  ])("%s is refused", async (_what, path, body, expected) => {
    expect((await post(path, body))[0]).toBe(expected);
    expect(handler).not.toHaveBeenCalled();
    expect(Object.hasOwn(Object.prototype, "admin")).toBe(false);
  });

  test("a stranger gets 401 and nothing about why, whatever else is wrong", async () => {
    for (const [path, body] of [
      ["/c/rpc", '{"method":"m"}'],
      ["/c/nothing", "{}"],
      ["/c/rpc", deep],
      ["/c/connect", JSON.stringify({ channels })],
    ] as const)
      for (const headers of [{}, { [header]: `${secret}x` }, { [header]: `${secret}, ${secret}` }])
        expect(await post(path, body, headers as Record<string, string>)).toEqual([401, ""]);
    expect(handler).not.toHaveBeenCalled();
  });
});

describe("over gRPC", () => {
  test.each([
    ["data nested 10,000 deep", { data: utf8(deep) }],
    ["meta nested 10,000 deep", { meta: utf8(deep) }],
    ["__proto__ in data", { data: utf8('{"__proto__":{"admin":true}}') }],
    ["__proto__ in base64", { b64data: btoa('{"__proto__":{"admin":true}}') }],
  ])("%s is INVALID_ARGUMENT", async (_what, request) => {
    const refused = client.call(rpc, { method: "m", ...request });
    await expect(refused).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(handler).not.toHaveBeenCalled();
  });

  test("a megabyte of channels is RESOURCE_EXHAUSTED", async () => {
    const refused = client.call(connect, { channels });
    await expect(refused).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });

  test("a stranger is UNAUTHENTICATED and learns nothing about why", async () => {
    const calls = [stranger.call(rpc, {}), stranger.call(connect, {}), stranger.call(subscribe, {})];
    const refused = { status: "rejected", reason: { code: status.UNAUTHENTICATED, details: "" } };
    expect(await Promise.allSettled(calls)).toMatchObject([refused, refused, refused]);
  });
});

test("no report of all this has the secret", () => {
  expect(reported.length).toBeGreaterThan(8);
  expect(inspect([reported, proxy], { depth: 20, showHidden: true })).not.toContain(secret);
});
