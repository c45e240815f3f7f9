import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { createProxy } from "../../src/proxy/index.ts";
import { ask } from "./ask.ts";

const url = "http://app:3000/centrifugo/rpc";
const body = '{"client":"c","user":"42","method":"m"}';
const secret = "s3cret-value";
const header = "x-centrifugo-secret";

describe("the secret", () => {
  const rpc = { "*": vi.fn(() => ({})) };
  const proxy = createProxy({ secret: [secret, "old-value"], rpc });
  const post = (headers: [string, string][], init: RequestInit = { method: "POST", body }) =>
    proxy.fetch(new Request(url, { ...init, headers }));

  test.each<[string, [string, string][]]>([
    ["no secret", []],
    ["an empty one", [[header, ""]]],
    ["another one", [[header, "s3cret-valuf"]]],
    ["a part of it", [[header, "s3cret"]]],
    ["it twice over", [[header, secret + secret]]],
    [
      "two values, one of them right",
      [
        [header, secret],
        [header, "forged"],
      ],
    ],
    [
      "two right values",
      [
        [header, secret],
        [header, secret],
      ],
    ],
  ])("a request with %s gets 401 and nothing about why", async (_what, headers) => {
    const response = await post(headers);
    expect([response.status, await response.text()]).toEqual([401, ""]);
    expect(rpc["*"]).not.toHaveBeenCalled();
  });

  test("a stranger learns neither methods nor events", async () => {
    expect((await post([], { method: "GET" })).status).toBe(401);
    const other = new Request("http://app/centrifugo/nothing", { method: "POST", body });
    expect((await proxy.fetch(other)).status).toBe(401);
  });

  test.each([secret, "old-value"])("a request with one of the secrets is answered", async (value) => {
    expect((await post([["X-Centrifugo-Secret", value]])).status).toBe(200);
  });

  test("another header may have it", async () => {
    const other = createProxy({ secret, secretHeader: "X-My-Secret", rpc });
    const send = (name: string) =>
      other.fetch(new Request(url, { method: "POST", body, headers: { [name]: secret } }));
    expect((await send("x-my-secret")).status).toBe(200);
    expect((await send(header)).status).toBe(401);
  });

  test("no log of a proxy shows it", () => {
    const { config } = createProxy({ secret, rpc });
    const shown = [proxy, config({ url: "http://app" }), config({ url: "grpc://app:1" })];
    for (const one of shown) {
      expect(inspect(one, { depth: 20, showHidden: true })).not.toContain(secret);
      expect(`${inspect(one)}`).not.toContain(secret);
    }
  });

  test("handlers see the other headers, and not the secret", async () => {
    const seen: string[] = [];
    const look = (_request: unknown, { headers }: { headers: Headers }) =>
      void seen.push(String([...headers].filter(([name]) => name.startsWith("x-"))));
    const sent = { [header]: secret, "x-other": "1" };
    for (const own of [secret, false] as const) {
      const { fetch } = createProxy({ secret: own, rpc: { "*": look } });
      await fetch(new Request(url, { method: "POST", body, headers: sent }));
    }
    expect(seen).toEqual(["x-other,1", `x-centrifugo-secret,${secret},x-other,1`]);
  });

  test("createProxy without options says that it needs a secret", () => {
    const create = createProxy as () => unknown;
    expect(create).toThrow(
      new TypeError(
        "createProxy: secret: expected a secret, or false if only the network protects the proxy",
      ),
    );
  });

  test.each<[unknown, string]>([
    [undefined, "createProxy: secret: expected a secret, or false if only the network protects the proxy"],
    [null, "createProxy: secret: expected a secret, or false"],
    [true, "createProxy: secret: expected a string or a list"],
    ["", "createProxy: secret: expected a string or a list"],
    [[], "createProxy: secret: expected a string or a list"],
    [["good", undefined], "createProxy: secret: expected a string or a list"],
    ["two, values-hidden", "createProxy: secret: expected a string or a list"],
    [" values-hidden", "createProxy: secret: expected a string or a list"],
    ["ü-values-hidden", "createProxy: secret: expected a string or a list"],
  ])("the secret %j is refused", (given, message) => {
    const create = () => createProxy({ secret: given as string });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/hidden/);
  });
});

describe("statuses", () => {
  const onError = vi.fn();
  const proxy = createProxy({ secret: false, onError, maxBodyBytes: 200, rpc: { "*": () => ({ data: 1 }) } });
  const status = async (path: string, init: RequestInit) => {
    const response = await proxy.fetch(new Request(`http://app${path}`, init));
    return [response.status, await response.text(), response.headers.get("allow")];
  };
  const post = { method: "POST", body };

  test("the event is the last part of the path, with a query or without", async () => {
    for (const path of ["/rpc", "/a/b/rpc", "/rpc?x=/refresh", "/a/rpc#x"])
      expect(await status(path, post)).toEqual([200, '{"result":{"data":1}}', null]);
  });

  test.each([
    "/",
    "/rpc/",
    "/RPC",
    "/rp%63",
    "/a%2Frpc",
    "/rpc%2F",
    "/subRefresh",
    "/__proto__",
    "/toString",
  ])("the path %s is no event", async (path) => {
    expect(await status(path, post)).toEqual([404, "no such event", null]);
  });

  test("streams are not for HTTP", async () => {
    expect(await status("/subscribe_stream", post)).toEqual([404, "streams go over gRPC only", null]);
  });

  test.each(["GET", "PUT", "DELETE", "OPTIONS"])("the method %s gets 405", async (method) => {
    expect(await status("/rpc", { method })).toEqual([405, "expected POST", "POST"]);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "user=42"],
    ["a cut object", body.slice(0, -1)],
    ["text behind the object", `${body}x`],
    ["a list", "[]"],
    ["a number", "1"],
    ["a field of another type", '{"channel":1}'],
    ["an integer in quotes", '{"items":[{"version":"1"}]}'],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ])("a body with %s gets 400, and onError has the reason", async (_what, text) => {
    onError.mockClear();
    const [code, reason] = await status("/shared_poll_refresh", { method: "POST", body: text });
    expect([code, reason]).toEqual([400, expect.stringMatching(/^shared_poll_refresh: /)]);
    expect(onError.mock.calls.map(([error]) => error.message)).toEqual([reason]);
  });

  test("a body up to the limit is taken, and a longer one gets 413", async () => {
    const padded = (length: number) => body + " ".repeat(length - body.length);
    expect((await status("/rpc", { method: "POST", body: padded(200) }))[0]).toBe(200);
    const tooLong = [413, "expected at most 200 bytes", null];
    expect(await status("/rpc", { method: "POST", body: padded(201) })).toEqual(tooLong);
    const stream = new Blob([padded(150), padded(150)]).stream();
    expect(await status("/rpc", { method: "POST", body: stream, duplex: "half" } as RequestInit)).toEqual(
      tooLong,
    );
  });

  test("a megabyte of channels is refused by default", async () => {
    const channels = Array.from({ length: 150_000 }, (_, n) => `chan${n}`);
    expect(await ask(createProxy({ secret: false }), "connect", { channels })).toMatchObject({ status: 413 });
  });

  test("a body that was read before gets 400 with advice", async () => {
    const request = new Request(url, post);
    await request.text();
    const response = await proxy.fetch(request);
    expect([response.status, await response.text()]).toEqual([
      400,
      "the body was read before the proxy could; mount the proxy before what reads bodies",
    ]);
  });

  test("the answer is JSON, and fetch needs no this", async () => {
    const { fetch } = proxy;
    const response = await fetch(new Request(url, post));
    expect(response.headers.get("content-type")).toBe("application/json");
  });
});

describe("data that is made to do harm", () => {
  const handler = vi.fn(() => ({}));
  const onError = vi.fn();
  const proxy = createProxy({ secret: false, onError, rpc: { "*": handler } });

  test.each([
    ["nested 10,000 deep", `{"method":"m","data":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
    ["objects nested 10,000 deep", `{"method":"m","data":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`],
    ["nested 501 deep", `{"method":"m","data":${"[".repeat(501)}${"]".repeat(501)}}`],
    ["with the key __proto__", '{"method":"m","data":{"__proto__":{"admin":true}}}'],
    ["with that key deep within, and escaped", '{"method":"m","data":[{"a":{"\\u005f_proto__":1}}]}'],
    ["with that key in base64", `{"method":"m","b64data":"${btoa('{"__proto__":1}')}"}`],
  ])("data %s is refused, and the process goes on", async (_what, text) => {
    expect((await ask(proxy, "rpc", text)).status).toBe(400);
    expect(handler).not.toHaveBeenCalled();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("an unknown member is skipped, however deep it is", async () => {
    const text = `{"method":"m","x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    expect((await ask(proxy, "rpc", text)).status).toBe(200);
    handler.mockClear();
  });

  test.each([
    ["nested 500 deep", `{"method":"m","data":${"[".repeat(500)}${"]".repeat(500)}}`],
    ["with __proto__ as a text", '{"method":"m","data":{"text":"__proto__"}}'],
  ])("data %s is taken", async (_what, text) => {
    expect((await ask(proxy, "rpc", text)).status).toBe(200);
  });

  test("a channel or method __proto__ has no handler", async () => {
    const { proxy: named } = {
      proxy: createProxy({ secret: false, rpc: { m: handler }, subscribe: { a: handler } }),
    };
    for (const name of ["__proto__", "constructor", "toString"]) {
      const { answer } = await ask(named, "rpc", { method: name });
      expect(answer.error.code).toBe(403);
      expect((await ask(named, "subscribe", { channel: name })).answer.error.code).toBe(403);
    }
  });

  test("a label __proto__ is a label", async () => {
    const seen: object[] = [];
    const other = createProxy({ secret: false, rpc: { "*": ({ labels }) => void seen.push(labels) } });
    await ask(other, "rpc", '{"method":"m","labels":{"__proto__":"x"}}');
    expect(Object.entries(seen[0] ?? {})).toEqual([["__proto__", "x"]]);
  });
});
