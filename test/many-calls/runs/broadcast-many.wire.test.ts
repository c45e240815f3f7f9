import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { CentApiResponseError, CentDecodeError, CentRequestError } from "../../../src/index.ts";
import { clientOf, expectError } from "../../harness/expected-error.ts";
import { protocols, startScripted } from "../../harness/scripted-server.ts";
import { itemsOf, later, start } from "./set-up.ts";

describe.each(protocols)("broadcastMany over %s", (protocol) => {
  const channels = (count: number) => Array.from({ length: count }, (_, n) => `chat_${n}`);

  test("broadcastMany publishes to any number of channels, with an item for each", async () => {
    await using it = await start(protocol);
    const run = it.cent.broadcastMany(later(channels(1_050)), { data: { text: "hi" } }, { maxCommands: 100 });
    const items = await itemsOf(run);
    expect(items.map(({ index }) => index)).toEqual(channels(1_050).map((_, n) => n));
    expect(items[1_049]).toMatchObject({ ok: true, result: { offset: 1 } });
    expect(run.progress).toEqual({ taken: 1_050, succeeded: 1_050, failed: 0, unknown: 0 });
    expect(new Set(it.requests())).toEqual(new Set(["broadcast"]));
    expect(it.requests().length).toBeLessThan(20);
    const { publications: kept } = await it.cent.history({ channel: "chat_777", limit: -1 });
    expect(kept).toMatchObject([{ data: { text: "hi" } }]);
  });

  test("a failing channel fails only its own item", async () => {
    await using it = await start(protocol);
    const run = it.cent.broadcastMany(["a", "none:x", 5 as never, "b"], { data: 1 });
    const items = await itemsOf(run);
    expect(items.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    const errors = items.map((item) => (item.ok ? undefined : item.error));
    expectError(errors[1], CentApiResponseError, { method: "broadcast", cause: false });
    expectError(errors[2], CentRequestError, { method: "broadcast" });
    expect(it.requests()).toEqual(["broadcast"]);
  });

  test("a reply with too few responses is a CentDecodeError for each channel", async () => {
    const { output } = CentrifugoApi.method.broadcast;
    const result = { responses: [{ result: { offset: 1n } }] };
    await using server = await startScripted(protocol, () => create(output, { result }));
    await using cent = clientOf(protocol, server);
    const run = cent.broadcastMany(channels(3), { data: 1 });
    for (const item of await itemsOf(run)) {
      expectError(!item.ok && item.error, CentDecodeError, { method: "broadcast" });
    }
    expect(run.progress).toMatchObject({ failed: 0, unknown: 3 });
  });

  test("a response without result and error fails only its own channel", async () => {
    const { output } = CentrifugoApi.method.broadcast;
    const result = { responses: [{ result: { offset: 1n } }, {}, { result: { offset: 3n } }] };
    await using server = await startScripted(protocol, () => create(output, { result }));
    await using cent = clientOf(protocol, server);
    const run = cent.broadcastMany(channels(3), { data: 1 });
    const [first, second, third] = await itemsOf(run);
    expect([first, third]).toMatchObject([{ result: { offset: 1 } }, { result: { offset: 3 } }]);
    expectError(second?.ok === false && second.error, CentDecodeError, { method: "broadcast" });
    expect(run.progress).toMatchObject({ succeeded: 2, unknown: 1 });
  });

  test("a failing broadcast fails each of its channels", async () => {
    await using it = await start(protocol);
    it.server.fail("broadcast", { code: 100 });
    const run = it.cent.broadcastMany(channels(3), { data: 1 });
    const errors = (await itemsOf(run)).map((item) => (item.ok ? undefined : item.error));
    for (const error of errors)
      expectError(error, CentApiResponseError, { method: "broadcast", cause: false });
    expect(new Set(errors).size).toBe(3);
  });

  test("broadcastMany refuses a string as its channels", async () => {
    await using it = await start(protocol);
    const call = () => it.cent.broadcastMany("chat" as never, { data: 1 });
    expect(call).toThrow(CentRequestError);
    expect(call).toThrow("broadcastMany: expected an iterable or an async iterable, and no string");
  });
});
