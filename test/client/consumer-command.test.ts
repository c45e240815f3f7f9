import { describe, expect, test } from "vitest";
import { CentrifugoApi, PublishRequestSchema } from "#api";
import { readMessage } from "../../src/codec/json/read-message.ts";
import type { ConsumerMethod } from "../../src/index.ts";
import { CentRequestError, createCommand } from "../../src/index.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { testRecordedRelease } from "../harness/schema-release.ts";

describe("createCommand", () => {
  test("a command has the consumer's method, and the request with the server's names", () => {
    expect(
      createCommand("publish", { channel: "a", data: { text: "hi" }, skipHistory: true, tags: { k: "v" } }),
    ).toStrictEqual({
      method: "publish",
      payload: { channel: "a", data: { text: "hi" }, skip_history: true, tags: { k: "v" } },
    });
    expect(createCommand("history_remove", { channel: "a" })).toStrictEqual({
      method: "history_remove",
      payload: { channel: "a" },
    });
    expect(
      createCommand("disconnect", { user: "1", disconnect: { code: 4000, reason: "bye" } }),
    ).toStrictEqual({
      method: "disconnect",
      payload: { user: "1", disconnect: { code: 4000, reason: "bye" } },
    });
  });

  test("a command keeps 64-bit integers exact through JSON.stringify", () => {
    for (const version of [18446744073709551615n, 9007199254740993n, 9007199254740992n, 5n]) {
      const { payload } = createCommand("publish", { channel: "a", data: 1, version });
      const text = JSON.stringify(payload);
      expect(text).toBe(`{"channel":"a","data":1,"version":${version}}`);
      expect(readMessage(PublishRequestSchema, text).version).toBe(version);
    }
    expect(JSON.stringify(createCommand("refresh", { expireAt: -9223372036854775808n }))).toBe(
      '{"method":"refresh","payload":{"expire_at":-9223372036854775808}}',
    );
  });

  test("a command keeps each number as json.stringify wrote it, even if a number cannot hold it", () => {
    const text = '{"a":[1e400,0.12345678901234567890,-0,1.0,12345678901234567890]}';
    const json = { stringify: () => text, parse: JSON.parse };
    const command = createCommand("publish", { channel: "a", data: {} }, { json });
    expect(JSON.stringify(command.payload)).toBe(`{"channel":"a","data":${text}}`);
  });

  test("a command has plain numbers if these are exact", () => {
    expect(
      createCommand("publish", { channel: "a", data: [1, -1.5, 1e21], version: 5 }).payload,
    ).toStrictEqual({
      channel: "a",
      data: [1, -1.5, 1e21],
      version: 5,
    });
  });

  test("a command carries a Uint8Array in base64", () => {
    expect(
      createCommand("publish", { channel: "a", data: new Uint8Array([0, 255, 1]) }).payload,
    ).toStrictEqual({
      channel: "a",
      b64data: "AP8B",
    });
  });

  test("createCommand writes data with the option json", () => {
    const json = { stringify: (value: unknown) => JSON.stringify({ wrapped: value }), parse: JSON.parse };
    expect(createCommand("broadcast", { channels: ["a"], data: 1 }, { json }).payload).toStrictEqual({
      channels: ["a"],
      data: { wrapped: 1 },
    });
  });

  test("createCommand takes each method that consumers execute", () => {
    const made: { [Method in ConsumerMethod]: { method: Method } } = {
      publish: createCommand("publish", { channel: "a", data: 1 }),
      broadcast: createCommand("broadcast", { channels: ["a"], data: 1 }),
      subscribe: createCommand("subscribe", { channel: "a" }),
      unsubscribe: createCommand("unsubscribe", { channel: "a" }),
      disconnect: createCommand("disconnect", {}),
      history_remove: createCommand("history_remove", { channel: "a" }),
      refresh: createCommand("refresh", {}),
    };
    for (const [method, command] of Object.entries(made)) {
      expect(command.method).toBe(method);
      expect(methodTable(CentrifugoApi).byPath(method)).toBeDefined();
    }
  });
});

describe("CentRequestError of createCommand", () => {
  const create = createCommand as (method: string, request: unknown) => unknown;
  const accepted =
    "consumers take only publish, broadcast, subscribe, unsubscribe, disconnect, history_remove, refresh";

  test.each(["rpc", "history", "batch", "map_publish", "", "constructor", "__proto__"])(
    "createCommand refuses the method %o",
    (method) => {
      expect(() => create(method, { channel: "a", data: 1 })).toThrow(CentRequestError);
      expect(() => create(method, { channel: "a", data: 1 })).toThrow(`${method}: ${accepted}`);
    },
  );

  test.each([
    ["historyRemove", "history_remove"],
    ["Publish", "publish"],
  ])("createCommand guesses for the method %o that %o was meant", (method, meant) => {
    expect(() => create(method, { channel: "a" })).toThrow(`${method}: did you mean ${meant}?`);
  });

  test.each([
    ["publish", { channel: "a" }, "data", "publish: data: is required"],
    ["publish", undefined, undefined, "publish: expected an object, got undefined"],
    [
      "publish",
      { channel: "a", data: 1n },
      "data",
      "publish: data: JSON.stringify: Do not know how to serialize a BigInt",
    ],
    ["history_remove", { channel: 1 }, "channel", "history_remove: channel: expected a string, got 1"],
    ["subscribe", { channel: "a", nope: 1 }, "nope", "subscribe: nope: unknown field"],
  ])("createCommand refuses %s(%o)", (method, request, field, message) => {
    expect(() => create(method, request)).toThrow(CentRequestError);
    expect(() => create(method, request)).toThrow(expect.objectContaining({ field }));
    expect(() => create(method, request)).toThrow(message);
  });

  // A newer schema may have a base64 field for info.
  testRecordedRelease("createCommand refuses binary info for refresh", () => {
    const request = { info: new Uint8Array([255]) };
    expect(() => create("refresh", request)).toThrow(CentRequestError);
    expect(() => create("refresh", request)).toThrow(expect.objectContaining({ field: "info" }));
    expect(() => create("refresh", request)).toThrow("refresh: info: cannot carry binary data as JSON");
  });
});
