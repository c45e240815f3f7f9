import { create } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import {
  BatchResponseSchema,
  BroadcastResponseSchema,
  CentrifugoApi,
  ErrorSchema,
  HistoryResponseSchema,
  PublishResponseSchema,
} from "#api";
import type { CentClient } from "../../src/index.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentNetworkError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
  createClient,
} from "../../src/index.ts";
import { expectError, rejection, secret } from "../harness/expected-error.ts";
import { until, unusedPort } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import {
  grpcFrame,
  ofGrpcHeaders,
  ofGrpcReply,
  ofHttp,
  ofSockets,
  ofStreams,
} from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Answer } from "../harness/scripted-server.ts";
import { grpcRoutes, startScripted } from "../harness/scripted-server.ts";

const request = { channel: "chat", data: {} };
const data = new TextEncoder().encode('{"text":"hi"}');
const error = { code: 102, message: "unknown channel" };

const responses: Readonly<Record<string, Awaited<ReturnType<Answer>>>> = {
  publish: create(PublishResponseSchema, { result: { offset: 7n, epoch: "e" } }),
  history: create(HistoryResponseSchema, { result: { publications: [{ data, offset: 7n }], offset: 7n } }),
  broadcast: create(BroadcastResponseSchema, {
    result: { responses: [{ result: { offset: 1n } }, { error }] },
  }),
  batch: create(BatchResponseSchema, { replies: [{ publish: { offset: 2n } }, { error }] }),
};

const answer: Answer = ({ method, headers }) => {
  if (headers.get("authorization") !== `apikey ${secret}`) {
    throw new ConnectError("unauthenticated", Code.Unauthenticated);
  }
  const response = responses[method];
  if (response === undefined) throw new ConnectError(`method ${method} not implemented`, Code.Unimplemented);
  return response;
};

interface Open extends AsyncDisposable {
  readonly transport: Transport;
}

/** Opens a transport with its own interceptors to a server that answers so. */
type OpenTransport = (answer: Answer, interceptors?: Interceptor[]) => Promise<Open>;

const openRouter: OpenTransport = async (script, interceptors = []) => ({
  transport: createRouterTransport(grpcRoutes(script), { transport: { interceptors } }),
  [Symbol.asyncDispose]: async () => {},
});

const openStock: OpenTransport = async (script, interceptors = []) => {
  const server = await startScripted("grpc", script);
  return {
    transport: createGrpcTransport({ baseUrl: server.url, interceptors }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

const transports: readonly [title: string, open: OpenTransport][] = [
  ["createRouterTransport", openRouter],
  ["connect-node's createGrpcTransport", openStock],
];

describe.each(transports)("%s as transport", (_title, open) => {
  test("a foreign transport gives every kind of result", async () => {
    await using opened = await open(answer);
    await using client = createClient({ transport: opened.transport, apiKey: secret });
    expect(await client.publish(request)).toStrictEqual(resultOf("publish", { offset: 7, epoch: "e" }));
    expect(await client.history({ channel: "chat" })).toStrictEqual(
      resultOf("history", {
        publications: [{ data: { text: "hi" }, offset: 7, tags: {} }],
        epoch: "",
        offset: 7,
      }),
    );
    const broadcast = await client.broadcast({ channels: ["a", "b"], data: 1 });
    expect(broadcast.responses[0]).toStrictEqual({
      ok: true,
      result: resultOf("publish", { offset: 1, epoch: "" }),
    });
    expect(broadcast.responses[1]).toMatchObject({
      ok: false,
      error: { code: 102, serverMessage: error.message },
    });
    const batch = await client.batch({ commands: [{ publish: request }, { info: {} }] });
    expect(batch.replies[0]).toStrictEqual({
      ok: true,
      result: resultOf("publish", { offset: 2, epoch: "" }),
    });
    expect(batch.replies[1]).toMatchObject({
      ok: false,
      error: { code: 102, serverMessage: error.message, method: "info" },
    });
  });

  test("a client with int64: bigint gets bigints over a foreign transport", async () => {
    await using opened = await open(answer);
    await using client = createClient({ transport: opened.transport, apiKey: secret, int64: "bigint" });
    expect(await client.publish(request)).toStrictEqual(
      resultOf("publish", { offset: 7n, epoch: "e" }, "bigint"),
    );
  });

  test("an API error in the response or in the status detail is a CentApiResponseError", async () => {
    const { code } = error;
    const answers: [Answer, boolean][] = [
      [() => create(PublishResponseSchema, { error }), false],
      [
        () => {
          throw new ConnectError("no", Code.NotFound, undefined, [{ desc: ErrorSchema, value: error }]);
        },
        true,
      ],
    ];
    for (const [script, cause] of answers) {
      await using opened = await open(script);
      await using client = createClient({ transport: opened.transport, apiKey: secret });
      const thrown = expectError(await rejection(client.publish(request)), CentApiResponseError, { cause });
      expect([thrown.code, thrown.serverMessage]).toEqual([code, error.message]);
    }
  });

  test("UNAUTHENTICATED, UNIMPLEMENTED and other statuses have their error classes", async () => {
    await using opened = await open(answer);
    await using stranger = createClient({ transport: opened.transport });
    expectError(await rejection(stranger.publish(request)), CentUnauthorizedError);
    await using client = createClient({ transport: opened.transport, apiKey: secret });
    const unimplemented = expectError(await rejection(client.info()), CentUnimplementedError, {
      method: "info",
    });
    expect(unimplemented.grpcStatus).toBe(12);
    for (const code of [Code.Internal, Code.ResourceExhausted, Code.Unavailable, Code.PermissionDenied]) {
      await using failing = await open(() => {
        throw new ConnectError("no", code);
      });
      await using other = createClient({ transport: failing.transport, apiKey: secret });
      const thrown = expectError(await rejection(other.publish(request)), CentTransportError);
      expect(thrown.grpcStatus).toBe(code);
    }
  });

  test("a call without a complete reply in time is a CentTimeoutError", async () => {
    await using opened = await open(() => new Promise(() => {}));
    await using client = createClient({ transport: opened.transport, apiKey: secret });
    expectError(await rejection(client.publish(request, { timeoutMs: 80 })), CentTimeoutError);
  });

  test("an abort rejects with the caller's reason", async () => {
    let arrived = false;
    await using opened = await open(() => {
      arrived = true;
      return new Promise(() => {});
    });
    await using client = createClient({ transport: opened.transport, apiKey: secret });
    const controller = new AbortController();
    const call = rejection(client.publish(request, { signal: controller.signal }));
    await until(() => arrived, "the call arrives");
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  test("interceptors of the transport run, and see headers of the client and of the call", async () => {
    const seen: (string | null)[] = [];
    const watching: Interceptor = (next) => (call) => {
      seen.push(call.method.name, call.header.get("x-client"), call.header.get("x-call"));
      return next(call);
    };
    await using opened = await open(answer, [watching]);
    const { transport } = opened;
    await using client = createClient({ transport, apiKey: secret, headers: { "x-client": "a" } });
    await client.publish(request, { headers: { "x-call": "b" } });
    expect(seen).toEqual(["Publish", "a", "b"]);
  });

  test("a response without result and error is a CentDecodeError", async () => {
    await using opened = await open(() => create(PublishResponseSchema));
    await using client = createClient({ transport: opened.transport, apiKey: secret });
    expectError(await rejection(client.publish(request)), CentDecodeError);
  });

  test("close() leaves a foreign transport open", async () => {
    await using opened = await open(answer);
    const { transport } = opened;
    await createClient({ transport, apiKey: secret }).close();
    await using client = createClient({ transport, apiKey: secret });
    expect(await client.publish(request)).toStrictEqual(resultOf("publish", { offset: 7, epoch: "e" }));
  });
});

test.each([
  ["gives no promise", () => undefined, "CentDecodeError"],
  [
    "throws",
    () => {
      throw new ConnectError("not now", Code.Unavailable);
    },
    "CentTransportError",
  ],
])("a transport that %s leaves no timer behind", async (_title, unary, name) => {
  const transport = { unary, stream: unary } as unknown as Transport;
  const client = createClient({ transport });
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const before = timers();
  expect(await rejection(client.publish(request, { timeoutMs: 1_000_000 }))).toMatchObject({ name });
  expect(timers()).toBe(before);
});

describe("connect-node's createGrpcTransport as transport", () => {
  async function failure(start: StartServer): Promise<unknown> {
    await using server = await start();
    return await rejection(stockClient(server.port).publish(request));
  }

  function stockClient(port: number): CentClient {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
    return createClient({ transport, apiKey: secret, timeoutMs: 3_000 });
  }

  test("a server that is not there is a CentNetworkError", async () => {
    expectError(await rejection(stockClient(await unusedPort()).publish(request)), CentNetworkError);
  });

  test.each<[string, StartServer]>([
    ["resets the connection", ofSockets((socket) => socket.resetAndDestroy())],
    ["ends the connection before the reply", ofStreams((stream) => stream.session?.destroy())],
    ["ends the session under the call", ofStreams((stream) => stream.session?.goaway(2))],
    ["resets the stream with REFUSED_STREAM", ofStreams((stream) => stream.close(7))],
    ["speaks HTTP/1.1", ofHttp((_request, response) => response.end("{}"))],
  ])("a server that %s is a CentNetworkError", async (_title, start) => {
    expectError(await failure(start), CentNetworkError);
  });

  test.each<[string, StartServer]>([
    ["garbage", ofGrpcReply({ body: grpcFrame(Buffer.alloc(11, 0xff)) })],
    ["half a message", ofGrpcReply({ body: grpcFrame(Buffer.from([18]), { length: 9 }) })],
    ["no message", ofGrpcReply({})],
  ])("a gRPC reply of %s is a CentDecodeError", async (_title, start) => {
    expectError(await failure(start), CentDecodeError);
  });

  test("a missing status is a CentTransportError", async () => {
    const body = grpcFrame(Buffer.from([18, 0]));
    expectError(await failure(ofGrpcReply({ body, trailers: undefined })), CentTransportError);
  });

  test("HTTP 401, 404 and 503 have their error classes", async () => {
    const status = (code: number) => ofGrpcHeaders({ ":status": code, "content-type": "text/plain" });
    expectError(await failure(status(401)), CentUnauthorizedError);
    expectError(await failure(status(404)), CentUnimplementedError);
    expectError(await failure(status(503)), CentTransportError);
  });
});

test("a transport object takes no settings beside it", () => {
  const transport = createRouterTransport((router) => router.service(CentrifugoApi, {}));
  for (const beside of [
    { url: "http://localhost:10000" },
    { http: {} },
    { grpc: {} },
    { tls: {} },
    { interceptors: [] },
  ]) {
    expect(() => createClient({ transport, ...beside })).toThrow(
      `${Object.keys(beside)[0]}: expected nothing beside a transport object`,
    );
  }
  expect(() => createClient({ transport: {} as Transport })).toThrow(
    /^transport: expected "http", "grpc" or/,
  );
});
