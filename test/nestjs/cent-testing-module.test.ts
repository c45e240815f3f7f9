import { Test } from "@nestjs/testing";
import { expect, test, vi } from "vitest";
import type { CentClient } from "../../src/index.ts";
import { CentHealthIndicator, CentModule, CentTestingModule, getCentToken } from "../../src/nestjs/index.ts";

const post = { channel: "chat", data: { text: "hi" } };

test("CentTestingModule gives a client of an in-memory server, and the calls that it records", async () => {
  const app = await Test.createTestingModule({ imports: [CentTestingModule.forRoot()] }).compile();
  const cent: CentClient = app.get(getCentToken());
  await cent.publish(post);
  const { client, server } = CentTestingModule.get(app);
  expect(client).toBe(cent);
  expect(server.calls.map(({ method, request }) => [method, request])).toEqual([["publish", post]]);
  await app.close();
  await expect(cent.info()).rejects.toThrow(/client is closed/);
});

test("CentTestingModule takes the place of an application's own client, which is not made", async () => {
  const useFactory = vi.fn(() => ({ url: "no address" }));
  const imports = [CentModule.forRootAsync({ useFactory, isGlobal: false }), CentTestingModule.forRoot()];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.get<CentClient>(getCentToken()).publish(post);
  expect(CentTestingModule.get(app).server.calls).toHaveLength(1);
  expect(await app.get(CentHealthIndicator).isHealthy("centrifugo")).toEqual({
    centrifugo: { status: "up" },
  });
  await app.close();
});

test("CentTestingModule has the options of createTestClient, and names", async () => {
  const config = { channel: { namespaces: [{ name: "chat" }] } };
  const named = CentTestingModule.forRoot({ name: "eu", config });
  const app = await Test.createTestingModule({ imports: [CentTestingModule.forRoot(), named] }).compile();
  const { client, server } = CentTestingModule.get(app, "eu");
  expect(app.get(getCentToken("eu"))).toBe(client);
  await client.publish({ channel: "chat:1", data: 1 });
  server.fail("publish", { code: 100 });
  await expect(client.publish({ channel: "chat:1", data: 1 })).rejects.toThrow("(100)");
  const unnamed = CentTestingModule.get(app);
  await expect(unnamed.client.publish({ channel: "chat:1", data: 1 })).rejects.toThrow("(102)");
  expect([unnamed.server.calls.length, server.calls.length]).toEqual([1, 2]);
  await app.close();
});

test("a configuration that a server refuses stops the test with its error", async () => {
  const config = { channel: { namespaces: [{ name: "" }] } };
  const builder = Test.createTestingModule({ imports: [CentTestingModule.forRoot({ config })] });
  await expect(builder.compile()).rejects.toThrow("namespaces");
});
