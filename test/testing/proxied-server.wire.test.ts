import { afterEach, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import type { ProxiedTestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";

let server: ProxiedTestServer;
afterEach(() => server.close());

test.each(["http", "grpc"] as const)(
  "clients of a server with sockets ask a proxy over %s",
  async (transport) => {
    const proxy = createProxy({
      secret: "secret",
      connect: ({ data }) => ({ user: String(data) }),
      subscribe: { "chat:*": ({ user }) => user === "ann" && {} },
    });
    server = await startTestServer({ proxy, proxyTransport: transport });
    await using cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
    const [ann, bob] = [await server.connect({ data: "ann" }), await server.connect({ data: "bob" })];
    await ann.subscribe("chat:1");
    await expect(bob.subscribe("chat:1")).rejects.toMatchObject({ code: 403 });
    await cent.publish({ channel: "chat:1", data: "hi" });
    expect(await ann.next("publication")).toMatchObject({ data: "hi" });
    await server.restart();
    await cent.publish({ channel: "chat:1", data: "again" });
    expect(await ann.next("publication")).toMatchObject({ data: "again" });
  },
);
