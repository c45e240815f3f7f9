import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { createProxy } from "../../src/proxy/index.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import { listen, until } from "../harness/listening-server.ts";

const secret = "s3cret";
const body = JSON.stringify({ client: "c", user: "42", method: "m", data: { a: 1 } });
const servers: ListeningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = await listen(createServer(listener));
  servers.push(server);
  return server.port;
}

interface Post {
  readonly headers?: string[];
  readonly body?: string | Buffer;
  readonly path?: string;
  readonly method?: string;
}

/** Sends a request with raw headers, and gives the status and text of the answer. */
async function post(
  port: number,
  { headers = ["x-centrifugo-secret", secret], path = "/c/rpc", ...rest }: Post = {},
) {
  const { method = "POST" } = rest;
  const sent = httpRequest({ port, host: "127.0.0.1", path, method, headers: ["host", "app", ...headers] });
  sent.end(rest.body ?? body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

const echo = createProxy({
  secret,
  maxBodyBytes: 100_000,
  onError: () => {},
  rpc: { "*": ({ data }, { headers }) => ({ data: [data, headers.get("x-test"), headers.get("cookie")] }) },
});

test("proxy.node answers in a server of node:http", async () => {
  const port = await serve(echo.node);
  const headers = ["x-centrifugo-secret", secret, "X-Test", "a", "x-test", "b", "Cookie", "c=d"];
  const answer = await post(port, { headers });
  expect(answer).toMatchObject({ status: 200, text: '{"result":{"data":[{"a":1},"a, b","c=d"]}}' });
  expect(answer.headers).toMatchObject({ "content-type": "application/json", "content-length": "42" });
});

test("no handler can log the secret, and nothing that a proxy reports has it", async () => {
  const shown: string[] = [];
  const proxy = createProxy({
    secret,
    onError: (...given) => shown.push(inspect(given, { depth: 20, showHidden: true })),
    rpc: {
      "*": (request, context) => {
        shown.push(
          inspect([request, context, context.headers, context.signal], { depth: 20, showHidden: true }),
        );
        throw new Error("detail");
      },
    },
  });
  const port = await serve(proxy.node);
  const answers = [await post(port), await post(port, { body: "{" }), await post(port, { headers: [] })];
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 401]);
  expect(shown).toHaveLength(3);
  expect(inspect([shown, answers, proxy], { depth: 20 })).not.toContain(secret);
});

test("a body in several chunks is read whole", async () => {
  const port = await serve(echo.node);
  const headers = { "x-centrifugo-secret": secret };
  const sent = httpRequest({ port, host: "127.0.0.1", path: "/rpc", method: "POST", headers });
  const long = JSON.stringify({ method: "m", data: "ü".repeat(20_000) });
  for (const part of [long.slice(0, 17), long.slice(17, 20_001), long.slice(20_001)]) {
    sent.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  expect(JSON.parse(await text(response)).result.data[0]).toBe("ü".repeat(20_000));
});

test("statuses for what is wrong with a request", async () => {
  const port = await serve(echo.node);
  expect(await post(port, { headers: [] })).toMatchObject({ status: 401, text: "" });
  const twice = ["x-centrifugo-secret", secret, "X-Centrifugo-Secret", secret];
  expect(await post(port, { headers: twice })).toMatchObject({ status: 401 });
  expect(await post(port, { path: "/c/nothing" })).toMatchObject({ status: 404 });
  expect(await post(port, { method: "GET", body: "" })).toMatchObject({
    status: 405,
    headers: { allow: "POST" },
  });
  expect(await post(port, { body: "{" })).toMatchObject({ status: 400 });
  const long = Buffer.alloc(100_001, " ");
  const tooLong = { status: 413, headers: { connection: "close" } };
  expect(await post(port, { body: long })).toMatchObject(tooLong);
  const chunked = ["x-centrifugo-secret", secret, "transfer-encoding", "chunked"];
  expect(await post(port, { body: long, headers: chunked })).toMatchObject(tooLong);
  expect(await post(port)).toMatchObject({ status: 200 });
});

test("a secret in a header of which Node keeps the first value fails if it comes twice", async () => {
  const port = await serve(
    createProxy({ secret, secretHeader: "Authorization", rpc: { "*": () => ({}) } }).node,
  );
  expect(await post(port, { headers: ["authorization", secret] })).toMatchObject({ status: 200 });
  const twice = ["authorization", secret, "authorization", "forged"];
  expect(await post(port, { headers: twice })).toMatchObject({ status: 401 });
});

test("the signal aborts when Centrifugo hangs up, and onError hears nothing of it", async () => {
  const onError = vi.fn();
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const proxy = createProxy({
    secret: false,
    onError,
    rpc: {
      "*": async (_request, { signal }) => {
        started.resolve();
        await once(signal, "abort");
        aborted.resolve();
        throw signal.reason;
      },
    },
  });
  const port = await serve(proxy.node);
  const sent = httpRequest({ port, host: "127.0.0.1", path: "/rpc", method: "POST" });
  sent.on("error", () => {});
  sent.end(body);
  await started.promise;
  sent.destroy();
  await aborted.promise;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(onError).not.toHaveBeenCalled();
});

test("a request whose client is gone before the proxy gets it comes to an end", async () => {
  const handler = vi.fn();
  const onError = vi.fn();
  const proxy = createProxy({ secret: false, onError, rpc: { "*": handler } });
  const arrived = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const port = await serve(async (request, response) => {
    arrived.resolve();
    await until(() => request.destroyed, "the request is destroyed");
    await proxy.node(request, response);
    done.resolve();
  });
  const sent = httpRequest({ port, host: "127.0.0.1", path: "/rpc", method: "POST" });
  sent.on("error", () => {});
  sent.end(body);
  await arrived.promise;
  sent.destroy();
  await done.promise;
  expect(handler).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("the signal does not abort after an answer", async () => {
  const signals: AbortSignal[] = [];
  const proxy = createProxy({
    secret: false,
    rpc: {
      "*": (_request, { signal }) => {
        signals.push(signal);
        return {};
      },
    },
  });
  const port = await serve(proxy.node);
  expect((await post(port, { headers: ["connection", "close"] })).status).toBe(200);
  await until(() => servers[0]?.sockets.size === 0, "the connection is closed");
  expect(signals[0]?.aborted).toBe(false);
});

test("a request that is cut before its end asks no handler, and the server goes on", async () => {
  const handler = vi.fn(() => ({}));
  const onError = vi.fn();
  const port = await serve(createProxy({ secret: false, onError, rpc: { "*": handler } }).node);
  const sent = httpRequest({
    port,
    host: "127.0.0.1",
    path: "/rpc",
    method: "POST",
    headers: { "content-length": 99 },
  });
  sent.on("error", () => {});
  sent.write("{");
  await until(() => servers[0]?.accepted() === 1, "the server has the connection");
  await new Promise((resolve) => setTimeout(resolve, 20));
  sent.destroy();
  expect((await post(port)).status).toBe(200);
  expect(handler).toHaveBeenCalledTimes(1);
  expect(onError).not.toHaveBeenCalled();
});

/** A framework that reads and parses bodies before the proxy, as `express.json()` does. */
function parsing(parse: (text: string) => unknown): RequestListener {
  return async (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => {
    request.body = parse(await text(request));
    await echo.node(request, response);
  };
}

test.each<[string, (text: string) => unknown]>([
  ["an object", JSON.parse],
  ["a text", (given) => given],
  ["bytes", (given) => Buffer.from(given)],
])("a body that a framework has read as %s is taken", async (_what, parse) => {
  const port = await serve(parsing(parse));
  expect(await post(port)).toMatchObject({ status: 200, text: '{"result":{"data":[{"a":1},null,null]}}' });
});

test.each<[string, string, (text: string) => unknown, number, string]>([
  ["nothing", body, () => undefined, 400, "the body was read before the proxy could; mount the proxy before"],
  [
    "an integer that is not safe",
    '{"method":"m","data":9007199254740993}',
    JSON.parse,
    400,
    "a parser may have rounded the integer 9007199254740992; mount the proxy before what reads bodies",
  ],
  ["a bigint", body, () => ({ data: 1n }), 400, "the parsed body has no JSON"],
  [
    "a value nested 10,000 deep",
    `{"method":"m","data":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    JSON.parse,
    400,
    "",
  ],
  ["more than the limit", JSON.stringify({ data: "x".repeat(100_000) }), JSON.parse, 413, "expected at most"],
])("a body that a framework has read as %s is refused", async (_what, sent, parse, status, reason) => {
  const port = await serve(parsing(parse));
  expect(await post(port, { body: sent })).toMatchObject({ status, text: expect.stringContaining(reason) });
});

test("an empty body of a framework that read nothing is not taken for the request", async () => {
  const port = await serve((request, response) => {
    Object.assign(request, { body: {} });
    void echo.node(request, response);
  });
  expect((await post(port)).text).toContain('{"a":1}');
});

test("a framework's own answer is left alone", async () => {
  const proxy = createProxy({
    secret: false,
    rpc: { "*": () => new Promise((resolve) => setTimeout(() => resolve({}), 20)) },
  });
  const done = Promise.withResolvers<void>();
  const port = await serve((request, response) => {
    proxy.node(request, response).then(done.resolve, done.reject);
    setTimeout(() => response.writeHead(503).end("too late"), 5);
  });
  expect(await post(port)).toMatchObject({ status: 503, text: "too late" });
  await done.promise;
});
