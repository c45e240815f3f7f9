import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { sendHttp } from "../harness/raw-http.ts";

const key = { "X-API-Key": "api_key" };
const plain = { contentType: "text/plain; charset=utf-8" };

function sender(url: string) {
  return async (path: string, body: string, headers: Record<string, string> = key, method = "POST") => {
    const reply = await sendHttp(url, { method, path, headers, body });
    return { status: reply.status, contentType: reply.contentType, body: reply.body, headers: reply.headers };
  };
}

describe("with the default configuration", () => {
  let server: TestServer;
  let send: ReturnType<typeof sender>;
  beforeAll(async () => {
    server = await startTestServer();
    send = sender(server.httpUrl);
  });
  afterAll(() => server.close());

  test.each([
    [{}, "", 401],
    [{ "X-API-Key": "other" }, "", 401],
    [{ "X-API-Key": "other", Authorization: "apikey api_key" }, "", 401],
    [{ "X-API-Key": "", Authorization: "APIKEY   api_key" }, "", 200],
    [{ Authorization: "Bearer api_key" }, "", 401],
    [{ Authorization: "apikey api_key more" }, "", 401],
    [{ Authorization: "apikey" }, "", 401],
    [{ "X-API-Key": "other" }, "?api_key=api_key", 200],
    [{}, "?api_key=other&api_key=api_key", 401],
  ] as const)("a request with headers %j and query '%s' has status %i", async (headers, query, status) => {
    expect((await send(`/api/channels${query}`, "{}", headers)).status).toBe(status);
  });

  test("the server checks the path, the method, the key and the body, in this order", async () => {
    expect(await send("/api/nosuch", "{", {}, "GET")).toMatchObject({ status: 404, ...plain });
    expect(await send("/api/channels", "{", {}, "GET")).toMatchObject({
      status: 405,
      contentType: null,
      body: "",
    });
    expect(await send("/api/channels", "{", {})).toMatchObject({ status: 401, contentType: null, body: "" });
    expect(await send("/api/channels", "{")).toMatchObject({ status: 400, ...plain, body: "Bad Request\n" });
  });

  test.each(["/api/", "/api/publish/", "/api/Publish", "/publish", "/api/presenceStats", "/api/block_user"])(
    "the path %s is not found, even without a key",
    async (path) => {
      const reply = await send(path, "{}", {});
      expect(reply).toMatchObject({ status: 404, ...plain, body: "404 page not found\n" });
      expect(reply.headers["x-content-type-options"]).toBe("nosniff");
    },
  );

  test("the server redirects unclean paths, and decodes encoded paths", async () => {
    const redirected = await send("/api//x/../channels?a=1", "{}");
    expect(redirected).toMatchObject({ status: 307, body: "" });
    expect(redirected.headers.location).toBe("/api/channels?a=1");
    expect(await send("/api/%63hannels", "{}")).toMatchObject({ status: 200 });
    expect(await send("/api/%zz", "{}")).toMatchObject({ status: 400 });
  });

  test("short replies have a content-length, and long replies are chunked", async () => {
    const data = "x".repeat(3000);
    const { headers: short } = await send("/api/publish", JSON.stringify({ channel: "long", data }));
    expect(short).toMatchObject({ "content-length": "42", "content-type": "application/json" });
    const { headers: long } = await send("/api/history", '{"channel":"long","limit":1}');
    expect(long).toMatchObject({ "transfer-encoding": "chunked" });
    expect(long).not.toHaveProperty("content-length");
  });

  test("a reply has the header Connection only if the request has Connection: close", async () => {
    const sent = async (connection: string) =>
      (await send("/api/info", "{}", { ...key, connection })).headers;
    for (const name of ["connection", "keep-alive"])
      expect(await sent("keep-alive")).not.toHaveProperty(name);
    expect(await sent("close")).toHaveProperty("connection", "close");
  });

  test("the server compacts data and tags, and escapes them as Go does", async () => {
    const data = '{ "<a>" : "&\u2028 \\u003c \\/" , "n" : 1.0e400 }';
    await send("/api/publish", `{"channel":"esc","data":${data},"tags":{"<t>":"&"}}`);
    const { body } = await send("/api/history", '{"channel":"esc","limit":1}');
    expect(body).toContain(
      '{"data":{"\\u003ca\\u003e":"\\u0026\\u2028 \\u003c \\/","n":1.0e400},"offset":1,"tags":{"\\u003ct\\u003e":"\\u0026"}}',
    );
  });

  test("binary data makes a batch's reply a 500 after its commands ran", async () => {
    await send("/api/publish", '{"channel":"bin","b64data":"AP8="}');
    const commands = [{ publish: { channel: "after", data: 1 } }, { history: { channel: "bin", limit: 1 } }];
    const reply = await send("/api/batch", JSON.stringify({ commands }));
    expect(reply).toMatchObject({ status: 500, ...plain, body: "Internal Server Error\n" });
    const { body } = await send("/api/history", '{"channel":"after"}');
    expect(body).toContain('"offset":1');
  });

  test("a batch tells null from {} in its commands, whatever the case of the field", async () => {
    const { body } = await send("/api/batch", '{"commands":[],"COMMANDS":[{},null,{"nosuch":1},null]}');
    const codes = (JSON.parse(body) as { replies: { error: { code: number } }[] }).replies.map(
      ({ error }) => error.code,
    );
    expect(codes).toEqual([104, 107, 104, 107]);
  });

  describe("the old route", () => {
    test("the old route answers commands line by line, by name or number", async () => {
      const commands = [
        '{"id":1,"method":"PUBLISH","params":{"channel":"old","data":1}}',
        '{"id":2,"method":6,"params":{"channel":"old","limit":1}}{"method":"connections"}',
        '{"params":{"channel":""}} null {"method":100}',
      ];
      const { status, body } = await send("/api", commands.join("\n"));
      expect(status).toBe(200);
      expect(body.replace(/"epoch":"\w+"/g, '"epoch":"E"').split("\n")).toEqual([
        '{"id":1,"result":{"offset":1,"epoch":"E"}}',
        '{"id":2,"result":{"publications":[{"data":1,"offset":1}],"epoch":"E","offset":1}}',
        '{"error":{"code":104,"message":"not found"}}',
        '{"error":{"code":107,"message":"bad request"}}',
        '{"error":{"code":107,"message":"bad request"}}',
        '{"error":{"code":104,"message":"not found"}}',
      ]);
    });

    test.each([
      "",
      "[]",
      "{}x",
      '{"method":"nosuch"}',
      '{"method":"batch"}',
      '{"id":-1}',
      '{"id":4294967296}',
    ])("the old route refuses a body as a whole: %s", async (body) => {
      expect(await send("/api", body)).toMatchObject({ status: 400, body: "Bad Request\n" });
    });
  });
});

describe("configured", () => {
  test("transport error mode answers with the status and the bare error, except to batches", async () => {
    await using server = await startTestServer({
      config: { http_api: { key: "k", error_mode: "transport" } },
    });
    const send = sender(server.httpUrl);
    const headers = { "X-API-Key": "k" };
    expect(await send("/api/publish", '{"channel":"a:b","data":1}', headers)).toMatchObject({
      status: 404,
      body: '{"code":102,"message":"unknown channel"}',
    });
    expect(await send("/api/channels", '{"pattern":"["}', headers)).toMatchObject({ status: 500 });
    expect(await send("/api/batch", '{"commands":[{"publish":{}}]}', headers)).toMatchObject({
      status: 200,
      body: '{"replies":[{"error":{"code":107,"message":"bad request"}}]}',
    });
    expect(await send("/api/publish", "{", headers)).toMatchObject({ status: 400, body: "Bad Request\n" });
  });

  test("an insecure server takes a call without a key, and a server without a key takes none", async () => {
    await using open = await startTestServer({ config: { http_api: { insecure: true } } });
    expect(await sender(open.httpUrl)("/api/channels", "{}", {})).toMatchObject({ status: 200 });
    await using closed = await startTestServer({ config: {} });
    expect(await sender(closed.httpUrl)("/api/channels", "{}", { "X-API-Key": "" })).toMatchObject({
      status: 401,
    });
    expect(await sender(closed.httpUrl)("/api/channels?api_key=", "{}", {})).toMatchObject({ status: 401 });
  });

  test("a disabled HTTP API answers 404", async () => {
    await using server = await startTestServer({ config: { http_api: { key: "api_key", disabled: true } } });
    expect(await sender(server.httpUrl)("/api/channels", "{}")).toMatchObject({ status: 404 });
  });

  test("the API answers under another handler_prefix, or none", async () => {
    await using under = await startTestServer({
      config: { http_api: { key: "api_key", handler_prefix: "/x/y/" } },
    });
    expect(under.httpUrl).toMatch(/:\d+\/x\/y$/);
    expect(await sender(under.httpUrl)("/x/y/channels", "{}")).toMatchObject({ status: 200 });
    expect(await sender(under.httpUrl)("/api/channels", "{}")).toMatchObject({ status: 404 });
    await using root = await startTestServer({
      config: { http_api: { key: "api_key", handler_prefix: "/" } },
    });
    expect(root.httpUrl).toMatch(/:\d+$/);
    expect(await sender(root.httpUrl)("/channels", "{}")).toMatchObject({ status: 200 });
    // The old route takes all paths that no other route matches.
    expect(await sender(root.httpUrl)("/nosuch", '{"method":"channels","params":{}}')).toMatchObject({
      status: 200,
    });
  });
});
