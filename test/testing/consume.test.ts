import { describe, expect, test } from "vitest";
import { createCommand } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

const publish = createCommand("publish", { channel: "chat", data: { text: "hi" } });

describe("server.consume", () => {
  test("a command is executed, delivered and recorded", async () => {
    const { client, server } = createTestClient();
    const ann = server.connect({ user: "ann", channels: ["chat"] });
    expect(await server.consume(publish)).toEqual({ outcome: "executed" });
    expect(await ann.next("publication")).toMatchObject({ data: { text: "hi" } });
    expect(server.calls).toMatchObject([{ method: "publish", transport: "consumer", headers: {} }]);
    const { publications } = await client.history({ channel: "chat", limit: 10 });
    expect(publications).toMatchObject([{ data: { text: "hi" } }]);
  });

  test("each method of consumers is executed", async () => {
    const { server } = createTestClient();
    const commands = [
      publish,
      createCommand("broadcast", { channels: ["a", "b"], data: 1 }),
      createCommand("subscribe", { user: "ann", channel: "a" }),
      createCommand("unsubscribe", { user: "ann", channel: "a" }),
      createCommand("disconnect", { user: "ann" }),
      createCommand("history_remove", { channel: "a" }),
      createCommand("refresh", { user: "ann" }),
    ];
    for (const command of commands) expect(await server.consume(command)).toEqual({ outcome: "executed" });
    expect(server.calls).toHaveLength(commands.length);
  });

  test.each<[string, { method?: string; payload: unknown }]>([
    ["an object", publish],
    ["a JSON text", { method: "publish", payload: JSON.stringify(publish.payload) }],
    ["bytes", { method: "publish", payload: new TextEncoder().encode(JSON.stringify(publish.payload)) }],
    ["method and payload in one text", { payload: JSON.stringify(publish) }],
    ["an empty method, as in an outbox with both in one column", { method: "", payload: publish }],
    [
      "a payload in a string, as of Debezium",
      { payload: { method: "publish", payload: JSON.stringify(publish.payload) } },
    ],
  ])("a consumer takes %s", async (_what, message) => {
    const { server } = createTestClient();
    expect(await server.consume(message)).toEqual({ outcome: "executed" });
    expect(server.calls[0]?.request).toEqual({ channel: "chat", data: { text: "hi" } });
  });

  test("a large version is exact, also within one text", async () => {
    const { server } = createTestClient();
    const command = createCommand("publish", { channel: "a", data: 1, version: 18446744073709551615n });
    await server.consume(command);
    await server.consume({ payload: JSON.stringify(command) });
    expect(server.calls.map(({ request }) => request.version)).toEqual([
      18446744073709551615n,
      18446744073709551615n,
    ]);
  });

  test.each<[unknown, unknown, string]>([
    ["map_publish", {}, "consumers do not execute map_publish"],
    ["Publish", {}, "consumers do not execute Publish"],
    [undefined, "{}", "consumers do not execute a command without a method"],
    [undefined, "null", "consumers do not execute a command without a method"],
    ["publish", "", "malformed: "],
    ["publish", '{"channel":', "malformed: "],
    ["publish", { channel: 1 }, "malformed: channel: "],
    [undefined, "publish", "malformed: "],
  ])("a consumer skips the method %o with the payload %o", async (method, payload, reason) => {
    const { server } = createTestClient();
    const consumed = await server.consume({ method: method as string, payload });
    expect(consumed).toEqual({ outcome: "skipped", reason: expect.stringContaining(reason) });
    expect(server.calls).toEqual([]);
  });

  test("a consumer skips a command that the API refuses", async () => {
    const { server } = createTestClient();
    const consumed = await server.consume({ method: "publish", payload: { channel: "no:such", data: 1 } });
    expect(consumed).toMatchObject({ outcome: "skipped", error: { code: 102, channel: "no:such" } });
  });

  test("a consumer retries a command that fails with error 100", async () => {
    const { server } = createTestClient();
    server.fail("publish", { code: 100 });
    expect(await server.consume(publish)).toMatchObject({
      outcome: "retried",
      reason: expect.stringContaining("(100)"),
      error: { code: 100, maybeExecuted: true },
    });
    expect(await server.consume(publish)).toEqual({ outcome: "executed" });
  });

  test("a broadcast is retried if a channel fails with 100, and executed if one fails otherwise", async () => {
    const codes = { a: 0, b: 102 };
    const { server } = createTestClient({
      methods: {
        broadcast: () => ({
          responses: Object.values(codes).map((code) =>
            code === 0 ? { result: {} } : { error: { code, message: "" } },
          ),
        }),
      },
    });
    const broadcast = createCommand("broadcast", { channels: ["a", "b"], data: 1 });
    expect(await server.consume(broadcast)).toEqual({ outcome: "executed" });
    codes.b = 100;
    expect(await server.consume(broadcast)).toMatchObject({ outcome: "retried", error: { code: 100 } });
  });

  test("a failure that only connections have is a mistake of the test", async () => {
    const { server } = createTestClient();
    server.fail("publish", { status: 503 });
    await expect(server.consume(publish)).rejects.toThrow(
      new TypeError("consume: a consumer has no connection that could fail; order a failure with a code"),
    );
  });
});
