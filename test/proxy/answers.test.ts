import { describe, expect, test, vi } from "vitest";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";
import { ask, proxyWith } from "./ask.ts";

const access = [
  ["subscribe", "subscribe"],
  ["publish", "publish"],
  ["mapPublish", "map_publish"],
  ["mapRemove", "map_remove"],
  ["rpc", "rpc"],
] as const;
const expiry = [
  ["refresh", "refresh"],
  ["subRefresh", "sub_refresh"],
] as const;
const reports = [
  ["sharedPollRefresh", "shared_poll_refresh"],
  ["notifyCacheEmpty", "cache_empty"],
  ["notifyChannelState", "state"],
] as const;
const denied = { error: { code: 403, message: "permission denied" } };
const failed = { error: { code: 100, message: "internal server error", temporary: true } };
const request = { client: "c", user: "42", channel: "a", method: "m" };

describe.each([["connect", "connect"] as const, ...access])("%s", (name, path) => {
  test.each([undefined, null, false])("a handler that gives %s refuses", async (nothing) => {
    const { proxy, errors } = proxyWith(name, async () => nothing);
    expect(await ask(proxy, path, request)).toMatchObject({ status: 200, answer: denied });
    expect(errors).toEqual([]);
  });

  test("an event without a handler is refused", async () => {
    expect(await ask(createProxy({ secret: false }), path, request)).toMatchObject({ answer: denied });
  });

  test.each([
    ["returned", () => deny("no", { code: 1999, temporary: true })],
    [
      "thrown",
      () => {
        throw deny("no", { code: 1999, temporary: true });
      },
    ],
    ["rejected with", () => Promise.reject(deny("no", { code: 1999, temporary: true }))],
  ])("deny() is an error, %s", async (_how, handler) => {
    const { proxy, errors } = proxyWith(name, handler);
    const answer = { error: { code: 1999, message: "no", temporary: true } };
    expect(await ask(proxy, path, request)).toMatchObject({ status: 200, answer });
    expect(errors).toEqual([]);
  });

  test("disconnect() is a disconnect", async () => {
    const { proxy } = proxyWith(name, () => disconnect(4999, "bye"));
    expect((await ask(proxy, path, request)).answer).toEqual({ disconnect: { code: 4999, reason: "bye" } });
  });

  test.each<[string, () => unknown, string]>([
    [
      "an error",
      () => {
        throw new Error("detail");
      },
      "Error: detail",
    ],
    ["a number", () => 7, `TypeError: ${name}: expected an object, got 7`],
    ["true", () => true, `TypeError: ${name}: expected an object, got boolean`],
    ["a string", () => "yes", `TypeError: ${name}: expected an object, got string`],
    ["a list", () => [], `TypeError: ${name}: expected an object, got an array`],
    ["expired()", () => expired(), `TypeError: ${name}: expired() is for refresh and subRefresh`],
    [
      "a field of no result",
      () => ({ user: "1", anonymous: undefined, dat: 1 }),
      `TypeError: ${name}: ${name === "connect" ? "dat" : "user"}: unknown field; `,
    ],
  ])("an accident with %s is error 100, and only onError has the reason", async (_what, handler, reason) => {
    const { proxy, errors } = proxyWith(name, handler);
    expect(await ask(proxy, path, request)).toMatchObject({ status: 200, answer: failed });
    expect(errors).toEqual([expect.stringContaining(reason)]);
  });
});

test.each(access)("an empty object from %s is a yes", async (name, path) => {
  const { proxy } = proxyWith(name, () => ({}));
  expect((await ask(proxy, path, request)).text).toBe('{"result":{}}');
});

describe("connect", () => {
  test.each([{}, { user: "" }, { user: undefined }, { info: {} }, { anonymous: false }])(
    "the result %j names nobody, and refuses",
    async (result) => {
      const { proxy, errors } = proxyWith("connect", () => result);
      expect((await ask(proxy, "connect", request)).answer).toEqual(denied);
      expect(errors).toEqual([]);
    },
  );

  test("a user or anonymous: true is a yes", async () => {
    const named = proxyWith("connect", () => ({ user: "42" })).proxy;
    expect((await ask(named, "connect", request)).text).toBe('{"result":{"user":"42"}}');
    const anonymous = proxyWith("connect", () => ({ anonymous: true, channels: ["news"] })).proxy;
    expect((await ask(anonymous, "connect", request)).text).toBe('{"result":{"channels":["news"]}}');
  });

  test.each([
    [{ user: "42", anonymous: true }, "connect: expected user or anonymous: true, got both"],
    [{ anonymous: "yes" }, "connect: anonymous: expected true or false, got string"],
    [{ user: 42 }, "connect: user: expected a string, got 42"],
    [{ user: null }, "connect: user: expected a string, got null"],
  ])("the result %j is an accident", async (result, reason) => {
    const { proxy, errors } = proxyWith("connect", () => result);
    expect((await ask(proxy, "connect", request)).answer).toEqual(failed);
    expect(errors).toEqual([`TypeError: ${reason}`]);
  });

  test("no null message is written", async () => {
    for (const subs of [{ news: null }, { news: undefined }, null]) {
      const { proxy, errors } = proxyWith("connect", () => ({ user: "42", subs }));
      const { text, answer } = await ask(proxy, "connect", request);
      expect(answer).toEqual(failed);
      expect(text).not.toContain("null");
      expect(errors).toEqual([expect.stringMatching(/^TypeError: connect: subs/)]);
    }
    const items = proxyWith("sharedPollRefresh", () => ({ items: [null] }));
    expect((await ask(items.proxy, "shared_poll_refresh", request)).answer).toEqual(failed);
  });
});

describe.each(expiry)("%s", (name, path) => {
  const end = { result: { expired: true } };

  test.each<[string, () => unknown]>([
    ["nothing", () => undefined],
    ["null", () => null],
    ["an empty object", () => ({})],
    ["a result without a time", () => ({ info: 1 })],
    ["expired()", () => expired()],
    ["deny()", () => deny()],
    ["disconnect()", () => disconnect(4500, "x")],
  ])("a handler that gives %s prolongs nothing", async (_what, handler) => {
    const { proxy, errors } = proxyWith(name, handler);
    expect((await ask(proxy, path, request)).answer).toMatchObject(end);
    expect(errors).toEqual([]);
  });

  test("an event without a handler prolongs nothing", async () => {
    expect((await ask(createProxy({ secret: false }), path, request)).answer).toEqual(end);
  });

  test("a handler that gives a time prolongs", async () => {
    const { proxy } = proxyWith(name, () => ({ expireAt: 1_900_000_000, info: { n: 1 } }));
    expect((await ask(proxy, path, request)).text).toBe('{"result":{"expire_at":1900000000,"info":{"n":1}}}');
  });

  test.each<[string, () => unknown]>([
    [
      "an error",
      () => {
        throw new Error("detail");
      },
    ],
    ["milliseconds", () => ({ expireAt: Date.now() })],
  ])("an accident with %s is status 500, which grants a minute", async (_what, handler) => {
    const { proxy, errors } = proxyWith(name, handler);
    expect(await ask(proxy, path, request)).toMatchObject({ status: 500, text: "" });
    expect(errors).toHaveLength(1);
  });
});

describe("reports", () => {
  test.each(reports)("a handler of %s that gives nothing reports nothing", async (name, path) => {
    const { proxy } = proxyWith(name, () => undefined);
    expect((await ask(proxy, path, request)).text).toBe('{"result":{}}');
  });

  test.each(reports)("a request for %s without a handler fails, and onError knows", async (name, path) => {
    const errors: string[] = [];
    const proxy = createProxy({ secret: false, onError: (error) => errors.push(String(error)) });
    const { status, answer } = await ask(proxy, path, request);
    if (name === "notifyCacheEmpty") expect(status).toBe(500);
    else expect(answer).toEqual(failed);
    expect(errors).toEqual([`TypeError: ${name}: there is no handler for this request`]);
  });

  test("deny() suits the events whose response has an error", async () => {
    for (const [name, path] of reports) {
      const { proxy, errors } = proxyWith(name, () => deny("later"));
      const { status, answer } = await ask(proxy, path, request);
      if (name === "notifyCacheEmpty") {
        expect([status, errors]).toEqual([
          500,
          ["TypeError: notifyCacheEmpty: Centrifugo takes no error here"],
        ]);
      } else expect(answer).toEqual({ error: { code: 403, message: "later" } });
    }
    const { proxy, errors } = proxyWith("sharedPollRefresh", () => disconnect(4000, ""));
    expect((await ask(proxy, "shared_poll_refresh", request)).answer).toEqual(failed);
    expect(errors).toEqual(["TypeError: sharedPollRefresh: Centrifugo takes no disconnect here"]);
  });
});

describe("onError", () => {
  test("an onError that throws or rejects changes no answer", async () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const fail = () => {
      throw new Error("handler");
    };
    for (const onError of [fail, () => Promise.reject(new Error("rejected"))]) {
      const proxy = createProxy({ secret: false, onError, rpc: { "*": fail } });
      expect((await ask(proxy, "rpc", request)).answer).toEqual(failed);
    }
    expect(shown.mock.calls.map(([, error]) => String(error))).toEqual(["Error: handler", "Error: rejected"]);
    shown.mockRestore();
  });

  test("errors go to the console by default", async () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const proxy = createProxy({ secret: false, rpc: { "*": () => Promise.reject(new Error("detail")) } });
    expect((await ask(proxy, "rpc", request)).answer).toEqual(failed);
    expect(shown.mock.calls).toEqual([["tscent/proxy:", { event: "rpc", key: "m" }, new Error("detail")]]);
    shown.mockRestore();
  });
});

describe("data", () => {
  test("null, false and empty strings are data; undefined is none", async () => {
    for (const [data, text] of [
      [null, '{"result":{"data":null}}'],
      [false, '{"result":{"data":false}}'],
      ["", '{"result":{"data":""}}'],
      [undefined, '{"result":{}}'],
    ]) {
      const { proxy } = proxyWith("rpc", () => ({ data }));
      expect((await ask(proxy, "rpc", request)).text).toBe(text);
    }
  });

  test("bytes go in base64, and where JSON has no place for them the answer is an accident", async () => {
    const bytes = new Uint8Array([0, 255]);
    const { proxy } = proxyWith("publish", () => ({ data: bytes }));
    expect((await ask(proxy, "publish", request)).text).toBe('{"result":{"b64data":"AP8="}}');
    const { proxy: other, errors } = proxyWith("connect", () => ({ user: "1", meta: bytes }));
    expect((await ask(other, "connect", request)).answer).toEqual(failed);
    expect(errors).toEqual([expect.stringMatching(/^TypeError: connect: result\.meta: cannot carry binary/)]);
  });

  test("empty bytes are refused: Centrifugo would publish the client's data", async () => {
    const { proxy, errors } = proxyWith("publish", () => ({ data: new Uint8Array() }));
    expect((await ask(proxy, "publish", request)).answer).toEqual(failed);
    expect(errors).toEqual(["TypeError: publish: data: Centrifugo takes empty bytes for none"]);
  });

  test("override takes true and false", async () => {
    const { proxy } = proxyWith("subscribe", () => ({ override: { presence: true, joinLeave: false } }));
    expect((await ask(proxy, "subscribe", request)).text).toBe(
      '{"result":{"override":{"presence":{"value":true},"join_leave":{}}}}',
    );
  });
});

describe("64-bit integers", () => {
  const body = '{"channel":"a","items":[{"key":"k","version":18446744073709551615}]}';

  test("an integer that a number cannot hold is refused with its place, and never rounded", async () => {
    const { proxy, errors } = proxyWith("sharedPollRefresh", () => ({}));
    const { status, text } = await ask(proxy, "shared_poll_refresh", body);
    expect([status, text]).toEqual([400, expect.stringContaining("items[0].version: a number cannot hold")]);
    expect(errors).toHaveLength(1);
  });

  test("int64: bigint gives and takes every integer exactly", async () => {
    const { proxy } = proxyWith(
      "sharedPollRefresh",
      ({ items }: { items: { key: string; version: bigint }[] }) => ({ items }),
      { int64: "bigint" },
    );
    const { text } = await ask(proxy, "shared_poll_refresh", body);
    expect(text).toBe('{"result":{"items":[{"key":"k","version":18446744073709551615}]}}');
  });
});
