import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  BroadcastRequestSchema,
  ChannelsResultSchema,
  HistoryRequestSchema,
  InfoRequestSchema,
  PublishRequestSchema,
  StreamPositionSchema,
} from "#api";
import { channelsOf } from "../../../src/many-calls/queue/channels-of.ts";
import { messageSize, valueSize } from "../../../src/many-calls/queue/message-size.ts";
import { queuedRequest } from "../../../src/many-calls/queue/queued-call.ts";
import { table } from "../../harness/scripted-server.ts";

test("a request larger than maxBytes goes alone, and one of just that size does not", () => {
  const publish = table.byName("publish") ?? expect.fail();
  const request = create(PublishRequestSchema, { channel: "chat" });
  const { size } = queuedRequest(publish, request, 1_000);
  const goesAlone = (maxBytes: number) => queuedRequest(publish, request, maxBytes).goesAlone;
  expect([goesAlone(size), goesAlone(size - 1)]).toEqual([false, true]);
  expect(queuedRequest(publish, request, 1_000, true).goesAlone).toBe(true);
});

test("the channels of a request are in its fields channel and channels", () => {
  const channels = ["a", "b", "a"];
  expect(channelsOf(PublishRequestSchema, create(PublishRequestSchema, { channel: "a" }))).toBe("a");
  expect(channelsOf(BroadcastRequestSchema, create(BroadcastRequestSchema, { channels }))).toEqual([
    "a",
    "b",
  ]);
  expect(channelsOf(InfoRequestSchema, create(InfoRequestSchema))).toEqual([]);
});

test("a map named channels is no list of channels", () => {
  const message = create(ChannelsResultSchema, { channels: { a: { numClients: 1 } } });
  expect(channelsOf(ChannelsResultSchema, message)).toEqual([]);
});

test("an element of a list takes its own bytes only", () => {
  expect(valueSize(["chat", "news"]) - valueSize(["chat"])).toBe(valueSize("news"));
});

test("a field that is not set takes no bytes", () => {
  expect(valueSize(undefined)).toBe(0);
});

test("the names in a map count, and the field names of a nested message do not", () => {
  const tags = { ["name".repeat(100)]: "" };
  const without = messageSize(create(PublishRequestSchema));
  expect(messageSize(create(PublishRequestSchema, { tags })) - without).toBeGreaterThanOrEqual(400);
  const since = create(StreamPositionSchema, { offset: 1n, epoch: "e" });
  const nested =
    messageSize(create(HistoryRequestSchema, { since })) - messageSize(create(HistoryRequestSchema));
  expect(nested).toBeGreaterThan(messageSize(since));
  expect(nested).toBeLessThan(messageSize(since) + 20);
});
