import { once } from "node:events";
import { connect as connectSession, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { status } from "@grpc/grpc-js";
import { expect, test, vi } from "vitest";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";
import { closers, serve, text, utf8 } from "./serve-grpc.ts";

const { connect, refresh, subscribe, publish, rPC: rpc, sharedPollRefresh } = CentrifugoProxy.method;

test("a handler gets the request with data as a value, and its result reaches the client", async () => {
  const seen: unknown[] = [];
  const proxy = createProxy({
    secret: false,
    connect: (request, { headers }) => {
      seen.push(request, headers.get("cookie"));
      return { user: "42", expireAt: new Date(1_900_000_000_999), info: { name: "Ann" }, subs: { news: {} } };
    },
  });
  const client = await serve(proxy, [["cookie", "a=b"]]);
  const data = utf8({ a: [1] });
  const { result, error } = await client.call(connect, { client: "c", transport: "websocket", data });
  expect(error).toBeUndefined();
  expect({ ...result, info: text(result?.info), subs: Object.keys(result?.subs ?? {}) }).toMatchObject({
    user: "42",
    expireAt: 1_900_000_000n,
    info: '{"name":"Ann"}',
    subs: ["news"],
  });
  expect(seen).toEqual([
    {
      client: "c",
      transport: "websocket",
      protocol: "",
      encoding: "",
      data: { a: [1] },
      name: "",
      version: "",
      channels: [],
    },
    "a=b",
  ]);
});

test("binary data comes and goes as bytes, also from base64", async () => {
  const onError = vi.fn();
  const proxy = createProxy({ secret: false, onError, rpc: { "*": ({ data }) => ({ data }) } });
  const client = await serve(proxy);
  const bytes = new Uint8Array([0, 255]);
  expect((await client.call(rpc, { method: "m", data: bytes })).result?.data).toEqual(bytes);
  expect((await client.call(rpc, { method: "m", b64data: "AP8=" })).result?.data).toEqual(bytes);
  expect(text((await client.call(rpc, { method: "m", b64data: "eyJhIjoxfQ==" })).result?.data)).toBe(
    '{"a":1}',
  );
  const failed = client.call(rpc, { method: "m", b64data: "!" });
  await expect(failed).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
    "BadRequest: rpc: b64data: is not base64",
  ]);
});

test("refusals are errors and disconnects in the response", async () => {
  const proxy = createProxy({
    secret: false,
    subscribe: {
      "chat:*": () => deny("no such room", { code: 404, temporary: true }),
      "chat:thrown": () => {
        throw disconnect(4500, "go");
      },
    },
    refresh: () => expired(),
  });
  const client = await serve(proxy);
  expect(await client.call(subscribe, { channel: "chat:1" })).toMatchObject({
    error: { code: 404, message: "no such room", temporary: true },
  });
  expect(await client.call(subscribe, { channel: "chat:thrown" })).toMatchObject({
    disconnect: { code: 4500, reason: "go" },
  });
  expect(await client.call(subscribe, { channel: "other" })).toMatchObject({ error: { code: 403 } });
  expect(await client.call(publish, { channel: "other" })).toMatchObject({ error: { code: 403 } });
  expect(await client.call(refresh, {})).toMatchObject({ result: { expired: true } });
});

test("a handler that fails gives error 100, and INTERNAL where Centrifugo ignores errors", async () => {
  const errors: unknown[] = [];
  const fail = () => {
    throw new Error("secret detail");
  };
  const proxy = createProxy({
    secret: false,
    onError: (error, failure) => errors.push([String(error), failure]),
    publish: { "chat:*": fail },
    refresh: fail,
    sharedPollRefresh: { "poll:*": fail },
  });
  const client = await serve(proxy);
  const error = { code: 100, message: "internal server error", temporary: true };
  expect(await client.call(publish, { channel: "chat:1" })).toMatchObject({ error });
  expect(await client.call(sharedPollRefresh, { channel: "poll:1" })).toMatchObject({ error: { code: 100 } });
  await expect(client.call(refresh, {})).rejects.toMatchObject({ code: status.INTERNAL, details: "" });
  expect(errors).toEqual([
    ["Error: secret detail", { event: "publish", key: "chat:1" }],
    ["Error: secret detail", { event: "sharedPollRefresh", key: "poll:1" }],
    ["Error: secret detail", { event: "refresh", key: undefined }],
  ]);
});

test("a request without the secret, or with two values of it, is UNAUTHENTICATED and says nothing", async () => {
  const seen: (string | null)[] = [];
  const handler = vi.fn((_request?: unknown, context?: { headers: Headers }) => {
    seen.push(context?.headers.get("x-centrifugo-secret") ?? null);
    return { user: "1" };
  });
  const proxy = createProxy({
    secret: ["new-secret", "old-secret"],
    connect: handler,
    subscribeUnidirectional: {
      "*": async function* () {
        yield handler() && {};
      },
    },
  });
  const name = "x-centrifugo-secret";
  for (const headers of [
    [],
    [[name, "wrong"]],
    [[name, ""]],
    [
      [name, "new-secret"],
      [name, "forged"],
    ],
  ] as [string, string][][]) {
    const client = await serve(proxy, headers);
    const refused = { code: status.UNAUTHENTICATED, details: "" };
    await expect(client.call(connect, {})).rejects.toMatchObject(refused);
    const stream = client.unidirectional({ channel: "a" }).resume();
    expect((await once(stream, "error"))[0]).toMatchObject(refused);
  }
  expect(handler).not.toHaveBeenCalled();
  for (const secret of ["new-secret", "old-secret"]) {
    const client = await serve(proxy, [[name, secret]]);
    expect((await client.call(connect, {})).result?.user).toBe("1");
  }
  // Handlers may log their headers.
  expect(seen).toEqual([null, null]);
});

test("the signal of a handler aborts at the deadline of the call", async () => {
  let aborted: Promise<unknown> | undefined;
  const proxy = createProxy({
    secret: false,
    rpc: {
      "*": async (_request, { signal }) => {
        aborted = once(signal, "abort");
        await aborted;
        return {};
      },
    },
  });
  const client = await serve(proxy);
  await expect(client.call(rpc, { method: "m" }, 100)).rejects.toMatchObject({
    code: status.DEADLINE_EXCEEDED,
  });
  await aborted;
});

test.each([
  ["connect", connect],
  ["refresh", refresh],
] as const)("a handler of %s that gives up at the deadline is no refusal", async (event, { name }) => {
  const onError = vi.fn();
  const proxy = createProxy({
    secret: false,
    onError,
    [event]: async (_request: unknown, { signal }: { signal: AbortSignal }) => {
      await once(signal, "abort");
    },
  });
  const server = createServer(connectNodeAdapter({ routes: proxy.routes })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connectSession(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closers.push(() => {
    session.close();
    server.close();
  });
  // This client listens for longer than its own deadline, as Centrifugo may by a moment.
  const call = session.request({
    ":method": "POST",
    ":path": `/${CentrifugoProxy.typeName}/${name}`,
    "content-type": "application/grpc",
    te: "trailers",
    "grpc-timeout": "50m",
  });
  call.end(Buffer.alloc(5));
  const answer = once(call, "trailers");
  call.resume();
  expect((await answer)[0]).toMatchObject({ "grpc-status": `${status.DEADLINE_EXCEEDED}` });
  expect(onError).not.toHaveBeenCalled();
});
