import { describe, expect, test } from "vitest";
import type { ManyItem, ManyOptions } from "../../../src/index.ts";
import { CentRequestError } from "../../../src/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";

const start = () => startBatching("http", { batching: false });

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}

function throwing(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error("no such thing");
    },
  });
}

test.each<[string, unknown, string]>([
  [
    "a symbol as maxCommands",
    { maxCommands: Symbol("n") },
    "maxCommands: expected an integer above 0, got symbol",
  ],
  [
    "an object as inFlight",
    { inFlight: Object.create(null) },
    "inFlight: expected an integer above 0, got object",
  ],
  ["null as maxCommands", { maxCommands: null }, "maxCommands: expected an integer above 0, got null"],
  ["a maxBytes getter that throws", throwing("maxBytes"), "no such thing"],
  ["a timeoutMs getter that throws", throwing("timeoutMs"), "no such thing"],
  ["an array", [], "options: expected an object"],
  ["a Map", new Map(), "options: expected an object"],
])("publishMany refuses options: %s", async (_title, options, message) => {
  await using it = await start();
  const error = thrownBy(() => it.cent.publishMany([], options as ManyOptions));
  expectError(error, CentRequestError, { method: "publishMany" });
  expect(error).toMatchObject({ message: `publishMany: ${message}` });
});

test("undefined options mean the defaults", async () => {
  await using it = await start();
  const undefinedOptions = { maxCommands: undefined, maxBytes: undefined, inFlight: undefined };
  const run = it.cent.publishMany([{ channel: "a", data: 1 }], undefinedOptions);
  expect(await run).toMatchObject({ succeeded: 1 });
});

test.each<[string, unknown, string]>([
  ["a String object", Object("abc"), "expected an iterable or an async iterable, and no string"],
  [
    "an iterator that is no function",
    { [Symbol.iterator]: 1 },
    "expected an iterable or an async iterable, and no string",
  ],
  ["an iterator getter that throws", throwing(Symbol.iterator as never), "no such thing"],
])("publishMany refuses an input: %s", async (_title, input, message) => {
  await using it = await start();
  const error = thrownBy(() => it.cent.publishMany(input as never));
  expectError(error, CentRequestError, { method: "publishMany" });
  expect(error).toMatchObject({ message: `publishMany: ${message}` });
});

test("an input with an undefined asyncIterator is read by its iterator", async () => {
  await using it = await start();
  const values = [{ channel: "a", data: 1 }];
  const input = { [Symbol.asyncIterator]: undefined, [Symbol.iterator]: () => values[Symbol.iterator]() };
  expect(await it.cent.publishMany(input)).toMatchObject({ succeeded: 1 });
});

describe("the request of broadcastMany", () => {
  class Broadcast {
    get data() {
      return { text: "hi" };
    }
  }

  test("the request of broadcastMany may be an instance of a class", async () => {
    await using it = await start();
    const run = it.cent.broadcastMany(["a", "b"], new Broadcast());
    expect(await run).toMatchObject({ succeeded: 2 });
    expect(it.server.calls[0]?.request).toMatchObject({ channels: ["a", "b"], data: { text: "hi" } });
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a number", 5],
    ["a string", "abc"],
    ["an array", []],
    ["a Map", new Map()],
    ["a Date", new Date(0)],
    ["no data", {}],
    ["an unknown field", { data: 1, chanels: [] }],
    ["a getter that throws", throwing("data")],
    ["data that is no JSON", { data: () => 1 }],
  ])("broadcastMany refuses a request that broadcast refuses: %s", async (_title, request) => {
    await using it = await start();
    const error = thrownBy(() => it.cent.broadcastMany(["a"], request as never));
    expectError(error, CentRequestError, { method: "broadcastMany" });
    const isObject = Object.prototype.toString.call(request) === "[object Object]";
    if (isObject) Object.defineProperty(request, "channels", { value: ["a"], enumerable: true });
    const expected = expectError(await rejection(it.cent.broadcast(request as never)), CentRequestError, {
      method: "broadcast",
    });
    expect(error).toMatchObject({
      message: expected.message.replace("broadcast:", "broadcastMany:"),
      field: expected.field,
    });
  });

  test.each([[["a"]], ["a"], [null]])(
    "broadcastMany refuses a request with channels: %j",
    async (channels) => {
      await using it = await start();
      const error = thrownBy(() => it.cent.broadcastMany([], { data: 1, channels } as never));
      expect(error).toMatchObject({
        message: "broadcastMany: channels: is not expected; the channels are the first argument",
        field: "channels",
      });
    },
  );

  test("the error of a channel that cannot be sent names its index", async () => {
    await using it = await start();
    const items: ManyItem<unknown>[] = [];
    for await (const item of it.cent.broadcastMany(["a", 5 as never, "\ud800"], { data: 1 }))
      items.push(item);
    const [, number, half] = items.map((item) => (item.ok ? undefined : item.error));
    expect(number).toMatchObject({
      field: "channels[1]",
      message: expect.stringContaining("channels[1]: expected"),
    });
    expect(half).toMatchObject({ field: "channels[2]" });
    expectError(number, CentRequestError, { method: "broadcast" });
  });
});
