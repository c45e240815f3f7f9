import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorSchema, InfoResponseSchema } from "#api";
import type { CentClient, CentError } from "../../src/index.ts";
import { CentApiResponseError, createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOf, rejection, secret } from "../harness/expected-error.ts";
import { protocols, startScripted, table } from "../harness/scripted-server.ts";

const noHistory = "not available (108): the namespace keeps no history; set history_size and history_ttl";
const noNamespace =
  "unknown channel (102): the namespace, the text before the colon, is not in the server's channel.namespaces";

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A reply with an error of the API. */
function failed(method: string, error: { code: number; message: string }) {
  const output = table.byName(method)?.rpc.output ?? InfoResponseSchema;
  return create(output, { error });
}

describe.each(protocols)("%s: messages of API errors", (protocol) => {
  /** Runs a call against the embedded server. */
  async function withClient<T>(
    run: (cent: CentClient) => Promise<T>,
    options: { batching?: boolean; mode?: "transport" } = {},
  ): Promise<T> {
    await using server = await startTestServer({
      config: { http_api: { key: "key-http" }, grpc_api: { key: "key-grpc" } },
    });
    const { batching = false, mode } = options;
    await using cent = createClient({
      transport: protocol,
      url: protocol === "http" ? server.httpUrl : server.grpcUrl,
      apiKey: protocol === "http" ? server.apiKey : server.grpcApiKey,
      batching,
      retry: false,
      ...(mode && { headers: { "x-centrifugo-error-mode": mode } }),
    });
    return await run(cent);
  }

  test.each([undefined, "transport"] as const)(
    "the message of a call names method, channel and code, and says what to do, with error mode %s",
    async (mode) => {
      const error = await withClient((cent) => rejection(cent.history({ channel: "chat" })), {
        ...(mode && { mode }),
      });
      expect(error).toMatchObject({
        message: `history of chat: ${noHistory}`,
        serverMessage: "not available",
        channel: "chat",
        method: "history",
        code: 108,
      });
    },
  );

  test("items of a batch have the messages of single calls", async () => {
    const { replies } = await withClient((cent) =>
      cent.batch({
        commands: [
          { history: { channel: "a" } },
          { history: { channel: "b" } },
          { publish: { channel: "none:c", data: 1 } },
          { connections: { user: "ann" } },
          { broadcast: { channels: ["d", "none:e"], data: 1 } },
        ],
      }),
    );
    const messages = replies.map((reply) => (reply.ok ? "" : reply.error.message));
    expect(messages).toEqual([
      `history of a: ${noHistory}`,
      `history of b: ${noHistory}`,
      `publish to none:c: ${noNamespace}`,
      "connections: not found (104): connections is a method of Centrifugo PRO, which an open-source server does not have",
      "",
    ]);
    expect(replies[4]).toMatchObject({
      result: { responses: [{ ok: true }, { error: { message: `broadcast to none:e: ${noNamespace}` } }] },
    });
  });

  test("items of a broadcast name their channel", async () => {
    const channels = ["a", "none:b", "none:c"];
    const { responses } = await withClient((cent) => cent.broadcast({ channels, data: 1 }));
    expect(responses.map((item) => (item.ok ? "" : item.error.message))).toEqual([
      "",
      `broadcast to none:b: ${noNamespace}`,
      `broadcast to none:c: ${noNamespace}`,
    ]);
  });

  test("items of runs name their channel", async () => {
    const items = await withClient(async (cent) => [
      ...(await listOf(
        cent.publishMany([
          { channel: "none:a", data: 1 },
          { channel: "b", data: 1 },
        ]),
      )),
      ...(await listOf(cent.broadcastMany(["c", "none:d"], { data: 1 }))),
    ]);
    expect(items.map((item) => (item.ok ? "" : item.error.message))).toEqual([
      `publish to none:a: ${noNamespace}`,
      "",
      "",
      `broadcast to none:d: ${noNamespace}`,
    ]);
  });

  test("calls that share a request name their own method and channel", async () => {
    const errors = await withClient(
      (cent) =>
        Promise.all([
          rejection(cent.publish({ channel: "none:a", data: 1 })),
          rejection(cent.presence({ channel: "none:b" })),
        ]),
      { batching: true },
    );
    expect(errors.map((error) => (error as CentError).message)).toEqual([
      `publish to none:a: ${noNamespace}`,
      `presence of none:b: ${noNamespace}`,
    ]);
  });

  test("onRetry gets the message with the channel, too", async () => {
    const error = { code: 100, message: "internal server error" };
    await using server = await startScripted(protocol, ({ method }) => failed(method, error));
    const told: string[] = [];
    const retry = {
      baseDelayMs: 1,
      maxAttempts: 2,
      onRetry: (one: { error: CentError }) => told.push(one.error.message),
    };
    await using client = clientOf(protocol, server, { retry });
    const last = await rejection(client.presence({ channel: "chat" }));
    const expected =
      "presence of chat: internal server error (100): the server or its broker failed; its log says more";
    expect([...told, (last as CentError).message]).toEqual([expected, expected]);
  });

  test("a server's long text with line ends becomes one short line that hides the key", async () => {
    const said = `\u001b[31mno\r\n${"x".repeat(180)}${secret}\u202e${"y".repeat(10_000)}`;
    await using server = await startScripted(protocol, ({ method }) => {
      const error = { code: 102, message: said };
      if (method === "info" && protocol === "grpc")
        throw new ConnectError("no", Code.NotFound, undefined, [{ desc: ErrorSchema, value: error }]);
      return failed(method, error);
    });
    await using client = clientOf(protocol, server);
    for (const call of [client.info(), client.presence({ channel: "a\nb".repeat(1_000) })]) {
      const { message, serverMessage } = (await rejection(call)) as CentApiResponseError;
      expect(message.length).toBeLessThan(1_000);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the message must not have them
      expect(message).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(message).toContain("\\x1b[31mno\\x0d\\x0a");
      expect(message).not.toContain(secret.slice(0, 8));
      expect(serverMessage).not.toContain(secret);
    }
  });
});

test("the message of an error that a program makes needs neither method nor channel", () => {
  expect(new CentApiResponseError(4711, "not today").message).toBe("not today (4711)");
  expect(new CentApiResponseError(4711, "").message).toBe("error 4711");
  expect(new CentApiResponseError(108, "no", { method: "constructor" }).message).toBe(
    "constructor: no (108): the feature is off in the namespace",
  );
});
