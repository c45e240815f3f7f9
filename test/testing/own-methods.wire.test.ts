import { describe, expect, test } from "vitest";
import { CentApiResponseError, CentUnimplementedError, createClient } from "../../src/index.ts";
import { createTestClient, startTestServer } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";

describe.each(["http", "grpc"] as const)("a test server's own methods over %s", (transport) => {
  const clientOf = (server: { httpUrl: string; grpcUrl: string; apiKey: string }) =>
    createClient({
      transport,
      url: transport === "http" ? server.httpUrl : server.grpcUrl,
      apiKey: server.apiKey,
    });

  test("own methods stand in for those of Centrifugo PRO, alone and in a batch", async () => {
    const blocked: unknown[] = [];
    await using server = await startTestServer({
      methods: {
        blockUser: (request) => {
          blocked.push(request);
          return {};
        },
        connections: ({ user }) => ({ connections: { c1: { appName: `app of ${user}`, appVersion: "1" } } }),
      },
    });
    await using cent = clientOf(server);
    await cent.blockUser({ user: "42", expireAt: 2 ** 40 });
    const { connections } = await cent.connections({ user: "42" });
    expect(connections.c1).toMatchObject({ appName: "app of 42", transport: "" });
    const { replies } = await cent.batch({
      commands: [{ blockUser: { user: "7" } }, { unblockUser: { user: "7" } }],
    });
    expect(replies).toMatchObject([{ ok: true }, { ok: false, error: { code: 104 } }]);
    expect(blocked).toStrictEqual([{ user: "42", expireAt: 2 ** 40 }, { user: "7" }]);
    expect(server.calls.map(({ method }) => method)).toStrictEqual(["blockUser", "connections", "batch"]);
    await expect(cent.unblockUser({ user: "7" })).rejects.toThrow(CentUnimplementedError);
  });

  test("an own method replaces the server's, and fail() applies to it", async () => {
    await using server = await startTestServer({ methods: { info: () => ({ nodes: [{ name: "mine" }] }) } });
    await using cent = clientOf(server);
    expect((await cent.info()).nodes).toMatchObject([{ name: "mine" }]);
    server.fail("info", { code: 108 });
    await expect(cent.info()).rejects.toMatchObject({ code: 108 });
  });

  test("an own method answers with the API error that it throws, and an internal error names its mistakes", async () => {
    await using server = await startTestServer({
      methods: {
        blockUser: () => {
          throw new CentApiResponseError(4000, "no such user", {});
        },
        unblockUser: () => {
          throw new Error("out of order");
        },
        // @ts-expect-error no such field
        revokeToken: () => ({ done: true }),
      },
    });
    await using cent = clientOf(server);
    await expect(cent.blockUser({ user: "a" })).rejects.toMatchObject({
      code: 4000,
      serverMessage: "no such user",
    });
    await expect(cent.unblockUser({ user: "a" })).rejects.toMatchObject({
      code: 100,
      serverMessage: "methods.unblockUser: out of order",
    });
    await expect(cent.revokeToken({ uid: "a" })).rejects.toMatchObject({
      code: 100,
      serverMessage: expect.stringContaining("methods.revokeToken: done: unknown field; expected "),
    });
  });
});

test("a client without sockets has own methods, too", async () => {
  const { client } = createTestClient({ methods: { cancelPush: () => ({}) } });
  await expect(client.cancelPush({ uid: "a" })).resolves.toStrictEqual(resultOf("cancelPush"));
});

test("startTestServer refuses an own method that the API does not have, or that is no function", async () => {
  const start = (methods: object) => startTestServer({ methods });
  await expect(start({ blockuser: () => ({}) })).rejects.toThrow(
    new TypeError('methods: expected the client\'s names of methods, as in "publish", got "blockuser"'),
  );
  await expect(start({ batch: () => ({}) })).rejects.toThrow('got "batch"');
  await expect(start({ blockUser: {} })).rejects.toThrow(
    "methods.blockUser: expected a function, got object",
  );
});
