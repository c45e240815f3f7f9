import type { DescService } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CentClient } from "../../../src/index.ts";
import { CentApiResponseError, CentRequestError, createClient, unwrap } from "../../../src/index.ts";
import { methodTable } from "../../../src/schema/method-table.ts";
import type { TestServer } from "../../../src/testing/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { compileFile } from "../../upgrade/compile.ts";
import { cases } from "./new-cases.ts";
import { additions, withAdditions } from "./newer-schema.ts";

/** The service of the newer schema, from an image that was made at run time: nothing was generated for it. */
const [service] = compileFile(withAdditions(additions)).services as [DescService];

let server: TestServer;
/** Requests that the server's own methods got, and their answer. */
let asked: unknown[];
let answer: object | Error;

beforeAll(async () => {
  const names = methodTable(service).methods.map(({ name }) => name);
  const own = names.filter((name) => name !== "batch" && !["publish", "history"].includes(name));
  const handler = (request: unknown) => {
    asked.push(request);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  server = await startTestServer({
    service,
    methods: Object.fromEntries(own.map((name) => [name, handler])),
  });
});

afterAll(() => server.close());

describe.each(["http", "grpc"] as const)("a newer schema over %s", (transport) => {
  function connect(int64: "number" | "bigint" = "number"): CentClient<DescService> {
    const url = transport === "http" ? server.httpUrl : server.grpcUrl;
    return createClient<DescService>({
      service,
      transport,
      url,
      apiKey: server.apiKey,
      int64: int64 as "number",
    });
  }

  const call = (client: CentClient<DescService>, method: string, request: object) => {
    const run = client[method];
    if (run === undefined) throw new Error(`the client has no ${method}`);
    return run(request);
  };

  test.each(cases)("the client calls an RPC $title: $method", async (given) => {
    asked = [];
    answer = given.answer;
    await using client = connect();
    const result = await call(client, given.method, given.request);
    expect(asked).toStrictEqual([given.seen ?? nonzero(given.request)]);
    expect(result).toStrictEqual(given.result ?? given.answer);
  });

  test.each(cases.filter(({ method }) => methodTable(service).byName(method)?.command !== undefined))(
    "the client sends a batch command $title: $method",
    async (given) => {
      asked = [];
      answer = given.answer;
      await using client = connect();
      const { replies } = await client.batch({ commands: [{ [given.method]: given.request }, { ping: {} }] });
      expect(asked[0]).toStrictEqual(given.seen ?? nonzero(given.request));
      expect(replies[0]).toStrictEqual({ ok: true, result: given.result ?? given.answer });
      expect(replies).toHaveLength(2);
    },
  );

  test.each(["ping", "getUrlMap", "health"])(
    "an API error of %s keeps its code, message and method",
    async (method) => {
      asked = [];
      answer = new CentApiResponseError(4711, "not today", {});
      await using client = connect();
      const error = new CentApiResponseError(4711, "not today", { method, attempts: 1 });
      await expect(call(client, method, {})).rejects.toStrictEqual(error);
    },
  );

  test('int64: "bigint" gives 64-bit integers as bigints', async () => {
    asked = [];
    answer = { offset: 2n ** 64n - 1n, positions: [1] };
    await using client = connect("bigint");
    await expect(call(client, "archive", {})).resolves.toStrictEqual({
      offset: 2n ** 64n - 1n,
      positions: [1n],
    });
  });

  test("existing messages have their new fields", async () => {
    asked = [];
    await using client = connect();
    await call(client, "publish", {
      channel: "a",
      data: 1,
      priority: "high",
      preview: new Uint8Array([7, 255]),
    });
    expect(server.calls.at(-1)?.request).toStrictEqual({
      channel: "a",
      data: 1,
      priority: "high",
      preview: new Uint8Array([7, 255]),
    });
    const { publications } = await call(client, "history", { channel: "a", limit: 1 });
    expect(publications).toMatchObject([{ data: 1 }]);
    // The test server never sets `storedAt`, so the result has 0.
    answer = { offset: 3, epoch: "e", storedAt: 5 };
    const { replies } = await client.batch({ commands: [{ publish: { channel: "a", data: 1 } }] });
    expect(unwrap(replies)).toMatchObject([{ storedAt: 0 }]);
  });

  test("the error of a request that cannot be sent names the method and the field", async () => {
    await using client = connect();
    const refused: [string, object, string][] = [
      ["ping", { test: "hi" }, "test"],
      ["archive", { positions: [1.5] }, "positions[0]"],
      ["shapes", { points: [{ x: "1" }] }, "points[0].x"],
      ["shapes", { size: { case: "volume", value: 1 } }, "size"],
      ["getUrlMap", { prefix: 1 }, "prefix"],
    ];
    for (const [method, request, field] of refused) {
      const error = await call(client, method, request).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CentRequestError);
      expect(error).toMatchObject({ method, field });
    }
    for (const command of [{ getUrlMap: {} }, { trace: "x" }, { watch: {} }, { batch: { commands: [] } }]) {
      const [name] = Object.keys(command);
      await expect(client.batch({ commands: [command as Record<string, object>] })).rejects.toThrow(
        `unknown method ${name}`,
      );
    }
  });

  test("the client has no method for a streaming RPC", () => {
    expect(Object.keys(connect())).toContain("ping");
    expect(Object.keys(connect())).not.toContain("watch");
  });
});

/** A request as a server sees it: proto3 does not send zero values. */
function nonzero(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== 0 && value !== ""));
}
