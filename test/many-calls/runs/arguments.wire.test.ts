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
  ["a symbol", { maxCommands: Symbol("n") }, "maxCommands: expected an integer above 0, got symbol"],
  ["an object", { inFlight: Object.create(null) }, "inFlight: expected an integer above 0, got object"],
  ["null", { maxCommands: null }, "maxCommands: expected an integer above 0, got null"],
  ["a getter that throws", throwing("maxBytes"), "no such thing"],
  ["a getter that throws of timeoutMs", throwing("timeoutMs"), "no such thing"],
  ["an array", [], "options: expected an object"],
  ["a Map", new Map(), "options: expected an object"],
])("options with %s are refused", async (_title, options, message) => {
  await using it = await start();
  const error = thrownBy(() => it.cent.publishMany([], options as ManyOptions));
  expectError(error, CentRequestError, { method: "publishMany" });
  expect(error).toMatchObject({ message: `publishMany: ${message}` });
});

test("options that are undefined are the defaults", async () => {
  await using it = await start();
  const undefinedOptions = { maxCommands: undefined, maxBytes: undefined, inFlight: undefined };
  const run = it.cent.publishMany([{ channel: "a", data: 1 }], undefinedOptions);
  expect(await run.done()).toMatchObject({ succeeded: 1 });
});

test.each<[string, unknown, string]>([
  ["a String", Object("abc"), "expected an iterable or an async iterable, and no string"],
  ["no method", { [Symbol.iterator]: 1 }, "expected an iterable or an async iterable, and no string"],
  ["a getter that throws", throwing(Symbol.iterator as never), "no such thing"],
])("an input with %s is refused", async (_title, input, message) => {
  await using it = await start();
  const error = thrownBy(() => it.cent.publishMany(input as never));
  expectError(error, CentRequestError, { method: "publishMany" });
  expect(error).toMatchObject({ message: `publishMany: ${message}` });
});

test("an input is read in the way that it has", async () => {
  await using it = await start();
  const values = [{ channel: "a", data: 1 }];
  const input = { [Symbol.asyncIterator]: undefined, [Symbol.iterator]: () => values[Symbol.iterator]() };
  expect(await it.cent.publishMany(input).done()).toMatchObject({ succeeded: 1 });
});

describe("the request of broadcastMany", () => {
  class Broadcast {
    get data() {
      return { text: "hi" };
    }
  }

  test("may be of a class", async () => {
    await using it = await start();
    const run = it.cent.broadcastMany(["a", "b"], new Broadcast());
    expect(await run.done()).toMatchObject({ succeeded: 2 });
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
  ])("is refused as that of broadcast is: %s", async (_title, request) => {
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

  test.each([[["a"]], ["a"], [null]])("has no channels: %j", async (channels) => {
    await using it = await start();
    const error = thrownBy(() => it.cent.broadcastMany([], { data: 1, channels } as never));
    expect(error).toMatchObject({
      message: "broadcastMany: channels: is not expected; the channels are the first argument",
      field: "channels",
    });
  });

  test("a channel that cannot be sent is named by its place", async () => {
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
