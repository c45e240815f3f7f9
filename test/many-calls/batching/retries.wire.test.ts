import { create } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { BatchRequest } from "#api";
import type { CentClient } from "../../../src/index.ts";
import { createClient } from "../../../src/index.ts";
import type { TestServer } from "../../../src/testing/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { config, errorsOf, three } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";
import { losingReplies, lostConnection, retryingClient } from "../../harness/retrying.ts";
import { protocols } from "../../harness/scripted-server.ts";

const retry = { idempotencyKeys: true };
const methodsOf = (server: TestServer) => server.calls.map(({ method }) => method);

/** Publishes numbers to a channel, three in each turn. */
async function publishInTurns(cent: CentClient, count: number): Promise<void> {
  const calls: Promise<unknown>[] = [];
  for (let data = 1; data <= count; data++) {
    calls.push(cent.publish({ channel: "a", data }));
    if (data % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(calls);
}

describe.each(protocols)("%s: retries of shared requests", (protocol) => {
  test("retries keep the order within a channel", async () => {
    await using server = await startTestServer({ config });
    const interceptors = [losingReplies(2)];
    const often = { ...retry, maxAttempts: 9 };
    await using cent = retryingClient(protocol, server, { batching: true, retry: often, interceptors });
    const subscriber = server.connect({ channels: ["a"] });
    server.fail("*", { drop: true });
    server.fail("batch", { status: 503 });
    await publishInTurns(cent, 30);
    const order = subscriber.received.map((push) => push.type === "publication" && push.data);
    expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  test("each call has its result, or an error with its number of attempts", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { batching: true, retry });
    const calls = () => [
      cent.publish({ channel: "a", data: 1 }),
      cent.publish({ channel: "none:x", data: 1 }),
      cent.publish({ channel: "b", data: 1 }),
    ];
    server.fail("batch", { status: 503 });
    const [first, second, third] = await Promise.allSettled(calls());
    expect([first?.status, third?.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(second).toMatchObject({ reason: { code: 102, attempts: 2, maybeExecuted: true } });
    server.fail("batch", { status: 503 }, { times: 3 });
    const errors = await errorsOf(calls());
    expect(errors).toMatchObject(Array(3).fill({ method: "publish", attempts: 3, maybeExecuted: true }));
    expect(new Set(errors).size).toBe(3);
  });

  test("a batch with a call that may not be repeated is sent once", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { batching: true, retry });
    server.fail("batch", { status: 503 });
    expect(await errorsOf(three(cent))).toMatchObject(Array(3).fill({ attempts: 1 }));
    expect(methodsOf(server)).toEqual(["batch"]);
  });

  test("a call with its own retry options travels alone", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { batching: true });
    await Promise.all([
      cent.publish({ channel: "a", data: 1 }),
      cent.publish({ channel: "b", data: 1 }, { retry: { maxAttempts: 2 } }),
      cent.publish({ channel: "c", data: 1 }, { retry: false }),
      cent.publish({ channel: "d", data: 1 }),
    ]);
    expect(methodsOf(server).sort()).toEqual(["batch", "publish", "publish"]);
  });

  test("onRetry gets `batch` as the method of a shared request", async () => {
    await using server = await startTestServer({ config });
    const seen: string[] = [];
    const onRetry = ({ method }: { method: string }) => seen.push(method);
    await using cent = retryingClient(protocol, server, { batching: true, retry: { ...retry, onRetry } });
    server.fail("batch", { status: 503 });
    await Promise.all(["a", "b"].map((channel) => cent.publish({ channel, data: 1 })));
    expect(seen).toEqual(["batch"]);
  });

  test("a refused broadcast fails no other call of its batch", async () => {
    await using server = await startTestServer({ config });
    await using cent = retryingClient(protocol, server, { batching: true });
    server.fail("broadcast", { code: 107 });
    const [published, refused, other] = await Promise.allSettled([
      cent.publish({ channel: "a", data: 1 }),
      cent.broadcast({ channels: ["b", "c"], data: 1 }),
      cent.broadcast({ channels: ["d"], data: 1 }),
    ]);
    expect(methodsOf(server)).toEqual(["batch"]);
    expect(refused).toMatchObject({ reason: { code: 107, method: "broadcast" } });
    expect([published.status, other.status]).toEqual(["fulfilled", "fulfilled"]);
  });
});

describe("a batch over a caller's own transport", () => {
  /** Counts the transport's calls, with a batch and alone, when each batch fails with `error`. */
  async function sent(error: unknown): Promise<[batches: number, alone: number]> {
    const count: [number, number] = [0, 0];
    const unary = async (method: { name: string; output: never }, ...rest: unknown[]) => {
      if (method.name !== "Batch") {
        count[1]++;
        return { message: create(method.output, { result: { $typeName: "", offset: 1n } } as never) };
      }
      count[0]++;
      expect((rest[3] as BatchRequest).commands).toHaveLength(3);
      throw error;
    };
    const transport = { unary, stream: unary } as unknown as Transport;
    await using cent = createClient({ transport, batching: true, retry: false });
    await Promise.allSettled(three(cent));
    return count;
  }

  test.each([
    ["a lost connection", lostConnection()],
    ["an error of its own", new Error("something else")],
    ["a ConnectError that no server sent", new ConnectError("x", Code.InvalidArgument)],
    ["a TypeError", new TypeError("fetch failed")],
  ])("the calls of a batch are not sent again alone after %s", async (_title, error) => {
    expect(await sent(error)).toEqual([1, 0]);
  });

  test("the calls of a batch that the server refused are sent again alone", async () => {
    const error = new ConnectError("unknown method", Code.Unimplemented);
    Object.assign(error, { isWireError: true });
    expect(await sent(error)).toEqual([1, 3]);
  });
});

test("a call that fails alone after its batch was refused reports one attempt", async () => {
  await using server = await startTestServer({ config });
  await using cent = retryingClient("grpc", server, { batching: true });
  server.fail("batch", { grpcStatus: 3 });
  server.fail("publish", { code: 107 }, { times: 2 });
  const calls = ["a", "b"].map((channel) => rejection(cent.publish({ channel, data: 1 })));
  expect(await Promise.all(calls)).toMatchObject(Array(2).fill({ code: 107, attempts: 1 }));
});
