import type { DescService } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { CentClient } from "../../src/index.ts";
import { CentRequestError, createClient } from "../../src/index.ts";
import { recordedService } from "../harness/schema-release.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

function open<Service extends DescService>(service: Service) {
  const { fetch, sent } = scriptedFetch();
  return { client: createClient({ url: "http://centrifugo.test/api", service, http: { fetch } }), sent };
}

/** The body that a call sends. */
async function sentBy(call: (client: CentClient) => Promise<unknown>): Promise<string | undefined> {
  const { client, sent } = open(CentrifugoApi);
  await call(client);
  return sent[0]?.body;
}

/** Calls a method as JavaScript can, past the types. */
function untyped(client: object, method: string, request: unknown): Promise<unknown> {
  const methods: Record<string, unknown> = { ...client };
  return (methods[method] as (request: unknown) => Promise<unknown>)(request);
}

describe("a request", () => {
  test("a request has the server's names", async () => {
    const body = await sentBy((client) =>
      client.publish({
        channel: "a",
        data: { text: "hi" },
        skipHistory: true,
        tags: { k: "v" },
        idempotencyKey: "i",
        version: 9007199254740993n,
        versionEpoch: "e",
      }),
    );
    expect(body).toBe(
      '{"channel":"a","data":{"text":"hi"},"skip_history":true,"tags":{"k":"v"},"idempotency_key":"i",' +
        '"version":9007199254740993,"version_epoch":"e"}',
    );
  });

  test("a request may have messages, lists and maps", async () => {
    const body = await sentBy((client) =>
      client.sendPushNotification({
        recipient: { filter: { topics: ["a", ""] } },
        notification: { apns: { headers: { a: "" }, payload: null } },
        localizations: { en: { translations: { x: "y" } } },
        limitStrategy: { rateLimit: { key: "k", policies: [{ rate: 1n, intervalMs: 2 }, {}] } },
      }),
    );
    expect(JSON.parse(body ?? "")).toEqual({
      recipient: { filter: { topics: ["a", ""] } },
      notification: { apns: { headers: { a: "" }, payload: null } },
      localizations: { en: { translations: { x: "y" } } },
      limit_strategy: { rate_limit: { key: "k", policies: [{ rate: 1, interval_ms: 2 }, {}] } },
    });
  });

  test("a request without required fields may be left out", async () => {
    expect(await sentBy((client) => client.info())).toBe("{}");
    expect(await sentBy((client) => client.channels(undefined, { timeoutMs: 1000 }))).toBe("{}");
  });

  test("a request leaves out undefined fields, like JSON.stringify", async () => {
    expect(
      await sentBy((client) => client.history({ channel: "a", since: undefined, limit: undefined })),
    ).toBe('{"channel":"a"}');
  });

  test("a request may be an object of any class, or without a prototype", async () => {
    class Request {
      channel = "a";
      limit = 1;
    }
    expect(await sentBy((client) => client.history(new Request()))).toBe('{"channel":"a","limit":1}');
    const bare = Object.assign(Object.create(null), { channel: "b" });
    expect(await sentBy((client) => client.history(bare))).toBe('{"channel":"b"}');
  });

  test("a request carries a Uint8Array as base64 over HTTP", async () => {
    expect(
      await sentBy((client) => client.publish({ channel: "a", data: new Uint8Array([0, 255, 1]) })),
    ).toBe('{"channel":"a","b64data":"AP8B"}');
  });

  test("a request carries null as data, because null is JSON", async () => {
    expect(await sentBy((client) => client.publish({ channel: "a", data: null }))).toBe(
      '{"channel":"a","data":null}',
    );
  });

  test('a map of a request may have the key "__proto__"', async () => {
    const tags = JSON.parse('{"__proto__":"v"}');
    expect(await sentBy((client) => client.publish({ channel: "a", data: 1, tags }))).toBe(
      '{"channel":"a","data":1,"tags":{"__proto__":"v"}}',
    );
  });
});

describe("refused requests", () => {
  const publish = { channel: "a", data: 1 };
  const nested = (levels: number): object => (levels === 0 ? {} : { op: "not", nodes: [nested(levels - 1)] });
  const circular = { op: "not", nodes: [] as object[] };
  circular.nodes.push(circular);

  const cases: [method: string, request: unknown, field: string | undefined, problem: string][] = [
    // Missing and unknown fields.
    ["publish", {}, "channel", "is required"],
    ["publish", undefined, "channel", "is required"],
    ["publish", { channel: "a" }, "data", "is required"],
    ["publish", { channel: "a", data: undefined }, "data", "is required"],
    ["broadcast", { data: 1 }, "channels", "is required"],
    ["sharedPollPublish", { channel: "a", key: "k" }, "version", "is required"],
    ["publish", { ...publish, chanel: "a" }, "chanel", "unknown field"],
    // A misspelt required field is reported as unknown, not as missing.
    ["publish", { chanel: "a", data: 1 }, "chanel", "unknown field; did you mean channel?"],
    ["batch", { commands: [{ history: { chanel: "a" } }] }, "commands[0].history.chanel", "unknown field"],
    ["publish", { ...publish, skip_history: true }, "skip_history", "unknown field"],
    ["publish", { ...publish, $typeName: "x" }, "$typeName", "unknown field"],
    ["publish", { ...publish, constructor: 1 }, "constructor", "unknown field"],
    ["publish", { ...publish, b64data: "" }, "b64data", "unknown field; pass a Uint8Array as data"],
    [
      "mapPublish",
      { channel: "a", key: "k", b64streamData: "" },
      "b64streamData",
      "pass a Uint8Array as streamData",
    ],
    [
      "history",
      { channel: "a", since: { offest: 1 } },
      "since.offest",
      "unknown field; did you mean offset?",
    ],
    ["info", { anything: 1 }, "anything", "unknown field; expected none"],
    ["publish", { channel: "", data: 1 }, "channel", "must not be empty"],
    ["broadcast", { channels: [], data: 1 }, "channels", "must not be empty"],
    ["broadcast", { channels: ["a", "", ""], data: 1 }, "channels[1]", "must not be empty"],
    [
      "batch",
      { commands: [{ history: { channel: "" } }] },
      "commands[0].history.channel",
      "must not be empty",
    ],
    // Wrong types.
    ["publish", { ...publish, channel: 1 }, "channel", "expected a string, got 1"],
    ["publish", { ...publish, channel: null }, "channel", "expected a string, got null"],
    ["publish", { ...publish, channel: ["a"] }, "channel", "expected a string, got an array"],
    ["publish", { ...publish, delta: "true" }, "delta", "expected true or false, got string"],
    ["publish", { ...publish, tags: ["a"] }, "tags", "expected an object, got an array"],
    ["publish", { ...publish, tags: new Map([["a", "b"]]) }, "tags", "expected an object, got a Map"],
    ["publish", { ...publish, tags: { a: 1 } }, "tags.a", "expected a string, got 1"],
    ["publish", { ...publish, tags: { a: undefined } }, "tags.a", "expected a string, got undefined"],
    ["broadcast", { channels: "a", data: 1 }, "channels", "expected an array, got string"],
    ["broadcast", { channels: new Set(["a"]), data: 1 }, "channels", "expected an array, got a Set"],
    ["broadcast", { channels: ["a", 2], data: 1 }, "channels[1]", "expected a string, got 2"],
    // biome-ignore lint/suspicious/noSparseArray: the test is about the hole
    ["broadcast", { channels: ["a", , "c"], data: 1 }, "channels[1]", "expected a string, got undefined"],
    ["history", { channel: "a", since: 5 }, "since", "expected an object, got 5"],
    ["history", { channel: "a", since: new Date(0) }, "since", "expected an object, got a Date"],
    ["history", { channel: "a", since: new Uint8Array() }, "since", "expected an object, got a Uint8Array"],
    [
      "subscribe",
      { channel: "a", override: { presence: { value: true } } },
      "override.presence",
      "expected true or false, got object",
    ],
    ["info", null, undefined, "expected an object, got null"],
    ["info", "x", undefined, "expected an object, got string"],
    ["info", [], undefined, "expected an object, got an array"],
    ["info", () => 1, undefined, "expected an object, got function"],
    // Integers.
    ["publish", { ...publish, version: -1 }, "version", "expected a non-negative 64-bit integer, got -1"],
    ["publish", { ...publish, version: 2 ** 53 }, "version", "9007199254740992 is beyond the integers"],
    ["publish", { ...publish, version: 2n ** 64n }, "version", "got 18446744073709551616"],
    ["publish", { ...publish, version: 1.5 }, "version", "got 1.5"],
    ["publish", { ...publish, version: "1" }, "version", "got string"],
    ["history", { channel: "a", limit: 2 ** 31 }, "limit", "expected a 32-bit integer, got 2147483648"],
    ["history", { channel: "a", since: { offset: -1n } }, "since.offset", "got -1"],
    ["disconnect", { disconnect: { code: -1 } }, "disconnect.code", "expected a non-negative 32-bit integer"],
    [
      "disconnect",
      { labelFilter: nested(100) },
      `labelFilter${".nodes[0]".repeat(99)}`,
      "is nested more than 100 levels deep",
    ],
    [
      "disconnect",
      { labelFilter: circular },
      `labelFilter${".nodes[0]".repeat(99)}`,
      "is nested more than 100 levels deep",
    ],
    // Data.
    ["publish", { channel: "a", data: () => 1 }, "data", "expected JSON or a Uint8Array, got function"],
    ["publish", { channel: "a", data: Symbol("x") }, "data", "expected JSON or a Uint8Array, got symbol"],
    ["publish", { channel: "a", data: 1n }, "data", "Do not know how to serialize a BigInt"],
    ["publish", { channel: "a", data: { a: [1n] } }, "data", "Do not know how to serialize a BigInt"],
    // Half a surrogate pair.
    ["publish", { ...publish, channel: "a\ud800" }, "channel", "the string has half a surrogate pair"],
    ["publish", { ...publish, tags: { "\udc00": "" } }, "tags.\udc00", "half a surrogate pair"],
    // Batches.
    ["batch", {}, "commands", "is required"],
    ["batch", { commands: {} }, "commands", "expected an array, got object"],
    ["batch", { commands: [{ publish }, {}] }, "commands[1]", "expected one method, got none"],
    ["batch", { commands: [{ publish: undefined }] }, "commands[0]", "expected one method, got none"],
    [
      "batch",
      { commands: [{ publish, info: {} }] },
      "commands[0]",
      "expected one method, got publish and info",
    ],
    [
      "batch",
      { commands: [{ publish, history: undefined, info: {} }] },
      "commands[0]",
      "expected one method, got publish and info",
    ],
    ["batch", { commands: [null] }, "commands[0]", "expected an object, got null"],
    ["batch", { commands: [{ publsh: {} }] }, "commands[0]", "unknown method publsh"],
    ["batch", { commands: [{ batch: { commands: [] } }] }, "commands[0]", "unknown method batch"],
    [
      "batch",
      { commands: [{ presence_stats: { channel: "a" } }] },
      "commands[0]",
      "unknown method presence_stats",
    ],
    ["batch", { commands: [{ constructor: {} }] }, "commands[0]", "unknown method constructor"],
    ["batch", { commands: [{ info: null }] }, "commands[0].info", "expected an object, got null"],
    ["batch", { commands: [{ publish: { channel: "a" } }] }, "commands[0].publish.data", "is required"],
    [
      "batch",
      { commands: [{ info: {} }, { publish: { ...publish, data: 1n } }] },
      "commands[1].publish.data",
      "BigInt",
    ],
    [
      "batch",
      { commands: [{ history: { channel: "a", limit: 0.5 } }] },
      "commands[0].history.limit",
      "got 0.5",
    ],
    ["batch", { commands: [], paralel: true }, "paralel", "unknown field"],
  ];

  test.each(cases)("%s(%o) is refused for its field %s: %s", expectRefused);

  // A newer schema may have base64 fields that 6.9.1 lacks.
  test.each<(typeof cases)[number]>([
    ["refresh", { info: new Uint8Array([255]) }, "info", "cannot carry binary data as JSON; gRPC can"],
    [
      "batch",
      {
        commands: [
          {
            sendPushNotification: { recipient: {}, notification: { fcm: { message: new Uint8Array([1]) } } },
          },
        ],
      },
      "commands[0].sendPushNotification.notification.fcm.message",
      "cannot carry binary data as JSON",
    ],
  ])("6.9.1: %s(%o) is refused for its field %s: %s", (...refused) =>
    expectRefused(...refused, recordedService),
  );

  async function expectRefused(
    method: string,
    request: unknown,
    field: string | undefined,
    problem: string,
    service: DescService = CentrifugoApi,
  ): Promise<void> {
    const { client, sent } = open(service);
    const error: unknown = await untyped(client, method, request).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ method, field });
    const { message } = error as CentRequestError;
    expect(message).toContain(problem);
    expect(message.startsWith(`${method}: ${field === undefined ? "" : `${field}: `}`), message).toBe(true);
    expect(sent).toEqual([]);
  }

  test("a change of the request after the call has no effect", async () => {
    const channels = ["a"];
    const { client, sent } = open(CentrifugoApi);
    const call = client.broadcast({ channels, data: 1 }).catch(() => undefined);
    channels.push("b");
    await call;
    expect(sent[0]?.body).toBe('{"channels":["a"],"data":1}');
  });
});
