import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CentClient } from "../../src/index.ts";
import { CentApiResponseError, CentRequestError, createClient, unwrap } from "../../src/index.ts";
import { methodTable } from "../../src/methods.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { additions, withAdditions } from "./newer-schema.ts";

/** The service of the newer schema, from an image that was made at run time: nothing was generated for it. */
const service = loadService(withAdditions(additions));

function loadService(proto: string): DescService {
  const folder = mkdtempSync(join(tmpdir(), "newer-"));
  try {
    const image = join(folder, "api.binpb");
    mkdirSync(join(folder, "proto"));
    writeFileSync(join(folder, "proto/api.proto"), proto);
    execFileSync("buf", ["build", join(folder, "proto"), "-o", image], { stdio: "pipe" });
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
    const found = registry.getService("centrifugal.centrifugo.api.CentrifugoApi");
    if (found === undefined) throw new Error("the image has no CentrifugoApi");
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let server: TestServer;
/** What the server's own methods were asked, and what they are to answer. */
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

const point = { x: 1, y: -2, inner: { note: { text: "note" } } };
const whole = {
  origin: point,
  points: [point, { x: 3, y: 0 }],
  named: { a: { x: 4, y: 0 }, __proto__x: point },
  color: 5,
  palette: [1, 0, 77],
  parts: [{ a: 1 }, "two", [3]],
  attachments: { first: { b: 2 }, second: null },
};

/** The same as a server sees it: proto3 does not send zero values. */
const sentWhole = { ...whole, points: [point, { x: 3 }], named: { a: { x: 4 }, __proto__x: point } };

interface Case {
  readonly title: string;
  readonly method: string;
  readonly request: object;
  /** What the server is to see of the request, where it is not the request itself. */
  readonly seen?: object;
  readonly answer: object;
  /** What the client is to get, where it is not the answer itself. */
  readonly result?: object;
}

const cases: readonly Case[] = [
  {
    title: "without bytes and 64-bit integers",
    method: "ping",
    request: { text: "hi" },
    answer: { text: "ho" },
  },
  {
    title: "with bytes, their base64 sibling and 64-bit integers",
    method: "archive",
    request: { channel: "a", data: { deep: [1] }, version: 2 ** 53 - 1, shift: -5, positions: [1, -2] },
    answer: { offset: 7, data: { deep: [2] }, positions: [3, 4] },
  },
  {
    title: "with binary data in what has a base64 sibling, and integers beyond 2^53",
    method: "archive",
    request: { channel: "a", data: new Uint8Array([1, 255]), version: 2n ** 64n - 1n },
    answer: { offset: 1, data: "text" },
    result: { offset: 1, data: "text", positions: [] },
  },
  {
    title: "with a name such as HTTPStats, and maps of messages",
    method: "httpStats",
    request: {},
    answer: { routes: { "/api": { count: 3, meanMs: 1.5 } }, byStatus: { 200: 3, 404: 1 } },
  },
  {
    title: "with messages of another RPC",
    method: "markRead",
    request: { channel: "a", offset: 3 },
    answer: { changed: true },
  },
  {
    title: "with the same messages again",
    method: "markUnread",
    request: { channel: "b" },
    answer: { changed: false },
  },
  {
    title: "with nested messages, enums, repeated bytes, optional fields and a oneof of a 64-bit integer",
    method: "shapes",
    request: {
      ...whole,
      fill: 1,
      size: { case: "area", value: 12 },
      title: "",
      limit: 0,
      visible: false,
      border: 0,
      extra: { x: 1 },
      ratio: 0.5,
    },
    seen: {
      ...sentWhole,
      fill: 1,
      size: { case: "area", value: 12 },
      title: "",
      limit: 0,
      visible: false,
      border: 0,
      extra: { x: 1 },
      ratio: 0.5,
    },
    answer: { ...whole, size: { case: "area", value: 12 }, title: "", limit: 0, border: 0 },
    result: { ...whole, size: { case: "area", value: 12 }, title: "", limit: 0, border: 0, each: [] },
  },
  {
    title: "with a oneof of a message, and items within a result",
    method: "shapes",
    request: { size: { case: "extent", value: { x: 9, y: 0 } } },
    seen: { size: { case: "extent", value: { x: 9 } } },
    answer: {
      size: { case: "extent", value: { x: 9, y: 0 } },
      each: [{ result: {} }, { error: { code: 102, message: "unknown channel" } }],
    },
    result: {
      points: [],
      named: {},
      color: 0,
      palette: [],
      parts: [],
      attachments: {},
      size: { case: "extent", value: { x: 9, y: 0 } },
      each: [
        {
          ok: true,
          result: {
            points: [],
            named: {},
            color: 0,
            palette: [],
            parts: [],
            attachments: {},
            size: { case: undefined },
            each: [],
          },
        },
        { ok: false, error: new CentApiResponseError(102, "unknown channel", { method: "shapes" }) },
      ],
    },
  },
  {
    title: "with a oneof that is left open",
    method: "shapes",
    request: { size: { case: undefined } },
    seen: {},
    answer: { ...whole, size: { case: undefined } },
    result: { ...whole, size: { case: undefined }, each: [] },
  },
  {
    title: "with a oneof of bytes",
    method: "shapes",
    request: { size: { case: "custom", value: { any: "json" } } },
    answer: { ...whole, size: { case: "custom", value: ["json"] } },
    result: { ...whole, size: { case: "custom", value: ["json"] }, each: [] },
  },
  {
    title: "that cannot be in a batch",
    method: "getUrlMap",
    request: { prefix: "/", data: [1] },
    answer: { urls: { a: "/a" }, data: { b: 1 } },
  },
  {
    title: "that cannot be in a batch and has no result apart, and is deprecated",
    method: "health",
    request: {},
    answer: { status: "fine", uptime: 12 },
  },
  {
    title: "that gained a base64 sibling",
    method: "rpc",
    request: { method: "m", params: new Uint8Array([0, 200]) },
    answer: { data: 1 },
  },
];

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

  test.each(cases)("has an RPC $title: $method", async (given) => {
    asked = [];
    answer = given.answer;
    await using client = connect();
    const result = await call(client, given.method, given.request);
    expect(asked).toStrictEqual([given.seen ?? nonzero(given.request)]);
    expect(result).toStrictEqual(given.result ?? given.answer);
  });

  test.each(cases.filter(({ method }) => methodTable(service).byName(method)?.command !== undefined))(
    "has a batch command $title: $method",
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

  test.each(["ping", "getUrlMap", "health"])("maps an error of %s", async (method) => {
    asked = [];
    answer = new CentApiResponseError(4711, "not today", {});
    await using client = connect();
    const error = new CentApiResponseError(4711, "not today", { method });
    await expect(call(client, method, {})).rejects.toStrictEqual(error);
  });

  test('gives 64-bit integers as bigints with int64: "bigint"', async () => {
    asked = [];
    answer = { offset: 2n ** 64n - 1n, positions: [1] };
    await using client = connect("bigint");
    await expect(call(client, "archive", {})).resolves.toStrictEqual({
      offset: 2n ** 64n - 1n,
      positions: [1n],
    });
  });

  test("has new fields of messages that were there", async () => {
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
    // The engine has no such field, so the result has its zero value.
    answer = { offset: 3, epoch: "e", storedAt: 5 };
    const { replies } = await client.batch({ commands: [{ publish: { channel: "a", data: 1 } }] });
    expect(unwrap(replies)).toMatchObject([{ storedAt: 0 }]);
  });

  test("names the method and the field of what cannot be sent", async () => {
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

  test("has no method for what streams", () => {
    expect(Object.keys(connect())).not.toContain("watch");
  });
});

/** A request as a server sees it: proto3 does not send zero values. */
function nonzero(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== 0 && value !== ""));
}
