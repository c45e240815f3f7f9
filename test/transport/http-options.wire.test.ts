import { create } from "@bufbuild/protobuf";
import type { Dispatcher } from "undici";
import { Agent, MockAgent } from "undici";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import {
  CentDecodeError,
  CentNetworkError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  createClient,
} from "../../src/index.ts";
import { clientOf, expectError, rejection, secret } from "../harness/expected-error.ts";
import { until, unusedPort } from "../harness/listening-server.ts";
import { ofHttp, ofReply } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { startScripted } from "../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });

describe("http.fetch", () => {
  test("http.fetch gets the requests", async () => {
    const requests: Request[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      requests.push(new Request(input, init));
      return new Response('{"result":{"offset":7}}');
    };
    await using client = createClient({ url: "https://api.example/api/", apiKey: secret, http: { fetch } });
    expect(await client.publish({ channel: "chat", data: { n: 1 } })).toEqual(
      resultOf("publish", { offset: 7, epoch: "" }),
    );
    const [request] = requests;
    if (request === undefined) expect.fail("fetch was not called");
    expect([request.method, request.url, request.redirect]).toEqual([
      "POST",
      "https://api.example/api/publish",
      "manual",
    ]);
    expect(request.headers.get("authorization")).toBe(`apikey ${secret}`);
    expect(request.headers.get("content-type")).toBe("application/json");
    expect(await request.text()).toBe('{"channel":"chat","data":{"n":1}}');
  });

  const http = { fetch: globalThis.fetch };

  test("the global fetch works as http.fetch, and the client makes no connections of its own", async () => {
    await using server = await startScripted("http", () => info);
    await using client = clientOf("http", server, { http });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    expect(server.accepted()).toBe(1);
  });

  test("errors over http.fetch are the same as without it", async () => {
    const refused = clientOf("http", { port: await unusedPort() }, { http });
    const error = expectError(await rejection(refused.info()), CentNetworkError, { method: "info" });
    expect(error.message).toContain("ECONNREFUSED");

    await using unauthorized = await ofReply(401)();
    expectError(await rejection(clientOf("http", unauthorized, { http }).info()), CentUnauthorizedError, {
      method: "info",
    });
    await using empty = await ofReply(200)();
    expectError(await rejection(clientOf("http", empty, { http }).info()), CentDecodeError, {
      method: "info",
    });
    await using cut = await ofHttp((_request, response) => {
      response.writeHead(200, { "content-length": "13" }).write('{"result"', () => response.destroy());
    })();
    expectError(await rejection(clientOf("http", cut, { http }).info()), CentNetworkError, {
      method: "info",
    });
    await using target = await ofReply(200, '{"result":{}}')();
    const location = `http://127.0.0.1:${target.port}/api/info`;
    await using redirecting = await ofReply(307, "", { location })();
    const redirect = expectError(
      await rejection(clientOf("http", redirecting, { http }).info()),
      CentTransportError,
      { method: "info" },
    );
    expect([redirect.httpStatus, target.accepted()]).toEqual([307, 0]);
  });

  test("http.fetch ends when its call ends before the reply", async () => {
    let [arrived, open] = [0, 0];
    await using server = await ofHttp((_request, response) => {
      arrived++;
      open++;
      response.on("close", () => open--);
    })();
    const client = clientOf("http", server, { http });
    const error = await rejection(client.info({}, { timeoutMs: 200 }));
    expectError(error, CentTimeoutError, { method: "info" });
    const before = arrived;
    const reason = new Error("enough");
    const controller = new AbortController();
    const call = rejection(client.info({}, { signal: controller.signal }));
    await until(() => arrived > before, "the call arrives");
    controller.abort(reason);
    expect(await call).toBe(reason);
    await until(() => open === 0, "the server sees the calls end");
  });

  test("an http.fetch that throws or rejects is a CentNetworkError", async () => {
    const thrown = new Error("no network here");
    for (const fetch of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
      () => Promise.reject("no network here"),
    ]) {
      await using client = clientOf("http", { port: 1 }, { http: { fetch } });
      const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
      expect(error.message).toBe("info: no network here (http://127.0.0.1:1)");
    }
  });

  test.each([undefined, null, 5, {}, "text"])(
    "an http.fetch that resolves with %j, which is no Response, is a CentNetworkError",
    async (given) => {
      const fetch = async () => given as never;
      await using client = clientOf("http", { port: 1 }, { http: { fetch } });
      const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
      expect(error.maybeExecuted).toBe(true);
      expect(error.cause).toMatchObject({ cause: { cause: expect.any(TypeError) } });
    },
  );
});

describe("http.dispatcher", () => {
  test.each([
    ["headersTimeout", "", "Headers Timeout Error"],
    ["bodyTimeout", '{"result"', "Body Timeout Error"],
  ])("the dispatcher's own %s is a CentNetworkError", async (option, start, message) => {
    await using server = await ofHttp((_request, response) => {
      if (start !== "") response.writeHead(200, { "content-length": "13" }).write(start);
    })();
    const dispatcher = new Agent({ [option]: 80 });
    await using client = clientOf("http", server, { http: { dispatcher }, timeoutMs: 8_000 });
    const error = expectError(await rejection(client.publish({ channel: "a", data: 1 })), CentNetworkError);
    expect(error).toMatchObject({ message: expect.stringContaining(message), maybeExecuted: true });
    await dispatcher.destroy();
  });

  test("an Agent of undici carries the calls, and is not closed with the client", async () => {
    await using server = await startScripted("http", () => info);
    const dispatcher = new Agent({ connections: 2 });
    for (let round = 0; round < 2; round++) {
      const client = clientOf("http", server, { http: { dispatcher } });
      await Promise.all(Array.from({ length: 10 }, () => client.info()));
      await client.close();
      expect((dispatcher as Dispatcher & { closed: boolean }).closed).toBe(false);
      expect(server.sockets.size).toBe(2);
    }
    await dispatcher.close();
    await until(() => server.sockets.size === 0, "the agent closes its connections");
    expect(server.accepted()).toBe(2);
  });

  test("a MockAgent answers in place of a server", async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const pool = dispatcher.get("http://centrifugo.example:8000");
    const headers = { authorization: `apikey ${secret}`, "content-type": "application/json" };
    pool
      .intercept({ method: "POST", path: "/api/publish", headers, body: '{"channel":"chat","data":1}' })
      .reply(200, '{"result":{"offset":3,"epoch":"e"}}');
    pool.intercept({ method: "POST", path: "/api/info" }).reply(401, "");
    const url = "http://centrifugo.example:8000/api";
    await using client = createClient({ url, apiKey: secret, http: { dispatcher } });
    expect(await client.publish({ channel: "chat", data: 1 })).toEqual(
      resultOf("publish", { offset: 3, epoch: "e" }),
    );
    expectError(await rejection(client.info()), CentUnauthorizedError, { method: "info" });
    expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    await dispatcher.close();
  });

  test("a closed dispatcher is a CentNetworkError", async () => {
    await using server = await startScripted("http", () => info);
    const dispatcher = new Agent();
    await dispatcher.close();
    await using client = clientOf("http", server, { http: { dispatcher } });
    expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
  });

  test("a call over a dispatcher that times out is a CentTimeoutError", async () => {
    await using server = await ofHttp(() => {})();
    const dispatcher = new Agent();
    await using client = clientOf("http", server, { http: { dispatcher } });
    expectError(await rejection(client.info({}, { timeoutMs: 80 })), CentTimeoutError, { method: "info" });
    await dispatcher.destroy();
  });
});

describe("the path of the url", () => {
  test.each(["/api", "/api/", "/api//", "/behind/a/proxy/api", "", "/"])(
    "the url's path %j comes before the method",
    async (path) => {
      const paths: string[] = [];
      await using server = await ofHttp((request, response) => {
        paths.push(`${request.method} ${request.url}`);
        response.end('{"result":{}}');
      })();
      await using client = createClient({ url: `http://127.0.0.1:${server.port}${path}` });
      await client.info();
      await client.presenceStats({ channel: "chat" });
      const base = path.replace(/\/+$/, "");
      expect(paths).toEqual([`POST ${base}/info`, `POST ${base}/presence_stats`]);
    },
  );
});
