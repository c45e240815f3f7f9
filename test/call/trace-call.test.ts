import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { BatchRequestSchema, BroadcastRequestSchema, PublishRequestSchema } from "#api";
import type { Reply } from "../../src/call/reply.ts";
import { SendFailure } from "../../src/call/send-failure.ts";
import { traceRequest } from "../../src/call/trace-call.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { CallTrace } from "../../src/tracing/call-trace.ts";
import { statusFailure } from "../../src/transport/transport-failure.ts";
import { rejection } from "../harness/expected-error.ts";
import { table } from "../harness/scripted-server.ts";
import { listenToCalls } from "../harness/traced-events.ts";

const server = { transport: "http", address: "centrifugo.test", port: 8000 } as const;
const publish = table.byName("publish") ?? expect.fail();
const broadcast = table.byName("broadcast") ?? expect.fail();
const message = create(PublishRequestSchema, { channel: "chat" });
const callsOf = (count: number) =>
  Array.from(
    { length: count },
    () => new CallTrace({ kind: "call", method: "publish" }, server, (given) => given),
  );

describe("the facts of a call", () => {
  const { client } = createTestClient();

  test.each<[object | undefined, unknown, unknown, unknown]>([
    [{ channel: "chat", data: 1 }, "chat", undefined, undefined],
    [{ channel: "", data: 1 }, undefined, undefined, undefined],
    [{ channel: 5, data: 1 }, undefined, undefined, undefined],
    [{ channels: ["a", "b"], commands: [1] }, undefined, 2, 1],
    [{ channels: "ab", commands: {} }, undefined, undefined, undefined],
    [undefined, undefined, undefined, undefined],
  ])(
    "the request %j has the channel %j, %j channels and %j commands",
    async (request, channel, channelCount, batchSize) => {
      const { calls } = listenToCalls();
      await client.publish(request as never).catch(() => {});
      const expected = {
        kind: "call",
        method: "publish",
        channel,
        channelCount,
        batchSize,
        parent: undefined,
      };
      expect(calls).toMatchObject([{ ...expected, rpc: "centrifugal.centrifugo.api.CentrifugoApi/Publish" }]);
    },
  );
});

describe("a request of its own", () => {
  const reply = {} as Reply;
  const traced = (
    owner: Parameters<typeof traceRequest>[3],
    send: (trace: CallTrace) => Promise<Reply> = async () => reply,
  ) => traceRequest({ table, server }, publish, message, owner, send);

  test("a request has its channel or their number, and the number of its commands", async () => {
    const { calls } = listenToCalls();
    await traced({});
    const ofTwo = create(BroadcastRequestSchema, { channels: ["a", "b"] });
    await traceRequest({ table, server }, broadcast, ofTwo, {}, async () => reply);
    const ofThree = create(BatchRequestSchema, { commands: [{}, {}, {}] });
    await traceRequest({ table, server }, table.batch, ofThree, {}, async () => reply);
    const api = "centrifugal.centrifugo.api.CentrifugoApi";
    expect(
      calls.map((call) => [
        call.kind,
        call.method,
        call.rpc,
        call.channel,
        call.channelCount,
        call.batchSize,
      ]),
    ).toEqual([
      ["request", "publish", `${api}/Publish`, "chat", undefined, 1],
      ["request", "broadcast", `${api}/Broadcast`, undefined, 2, 2],
      ["request", "batch", `${api}/Batch`, undefined, undefined, 3],
    ]);
    expect(calls[0]?.calls).toEqual([]);
  });

  test("the calls of a request lead to it before it starts, and have its attempts after it", async () => {
    const shared = callsOf(130);
    const { calls: requests } = listenToCalls((request) => {
      expect(shared.every((call) => call.request === request)).toBe(true);
    });
    const send = async (trace: CallTrace) => {
      trace.attempt(undefined);
      trace.attempt(undefined);
      return reply;
    };
    expect(await traced({ calls: shared }, send)).toBe(reply);
    expect(requests).toMatchObject([{ status: "200", attempts: 2, parent: undefined }]);
    expect(requests[0]?.calls).toEqual(shared.slice(0, 128));
    expect(shared.every(({ attempts }) => attempts === 2)).toBe(true);
  });

  test("a request that fails has an error, and its sender gets the failure as it was", async () => {
    const [parent] = callsOf(1) as [CallTrace];
    const calls = callsOf(1);
    const { calls: requests } = listenToCalls();
    const failure = new SendFailure(statusFailure("x", { httpStatus: 503 }, 14), {
      attempts: 3,
      maybeExecuted: true,
    });
    expect(await rejection(traced({ parent, calls }, () => Promise.reject(failure)))).toBe(failure);
    expect(requests).toMatchObject([
      { attempts: 3, maybeExecuted: true, status: "503", error: { method: "publish" }, parent },
    ]);
    expect(calls).toMatchObject([{ attempts: 3 }]);
  });
});
