import { describe, expectTypeOf, test } from "vitest";
import type { CentProxy } from "../../src/proxy/index.ts";
import type {
  ConnectedClient,
  ProxiedClient,
  ProxyAnswer,
  ProxyAnswerError,
} from "../../src/testing/index.ts";
import { callProxy, createTestClient, startTestServer } from "../../src/testing/index.ts";

declare const proxy: CentProxy;

describe("callProxy", () => {
  test("callProxy knows the request and the result of each event", async () => {
    const { error } = await callProxy(proxy, "subscribe", { user: "42", channel: "chat:1", data: 1 });
    expectTypeOf(error).toEqualTypeOf<ProxyAnswerError | undefined>();
    // @ts-expect-error the channel selects the handler
    await callProxy(proxy, "subscribe", { user: "42" });
    // @ts-expect-error a misspelt field
    await callProxy(proxy, "rpc", { method: "a", date: 1 });
    // @ts-expect-error no such event
    await callProxy(proxy, "unsubscribe", { channel: "a" });
  });

  test("callProxy gives streams an answer and publications", async () => {
    const stream = await callProxy(proxy, "subscribeBidirectional", { channel: "a" });
    expectTypeOf(stream.answer).toExtend<ProxyAnswer>();
    for await (const { data } of stream.publications) expectTypeOf(data).toBeUnknown();
    expectTypeOf(stream.publish).toBeCallableWith({ a: 1 });
  });
});

describe("servers", () => {
  test("a server with a proxy connects asynchronously, and another at once", async () => {
    expectTypeOf((await startTestServer({ proxy })).connect).returns.toEqualTypeOf<Promise<ProxiedClient>>();
    expectTypeOf((await startTestServer()).connect).returns.toEqualTypeOf<ConnectedClient>();
    expectTypeOf(createTestClient({ proxy }).server.connect).returns.toEqualTypeOf<Promise<ProxiedClient>>();
    expectTypeOf(createTestClient({}).server.connect).returns.toEqualTypeOf<ConnectedClient>();
  });

  test("only a server with a proxy takes tokens", async () => {
    createTestClient({ proxy }).server.connect({ token: "x" });
    // @ts-expect-error there is nothing to verify them
    createTestClient().server.connect({ token: "x" });
  });
});
