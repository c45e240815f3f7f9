import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { BroadcastRequestSchema, ChannelsResultSchema, InfoRequestSchema, PublishRequestSchema } from "#api";
import { channelOf } from "../../src/codec/message-fields.ts";

const broadcast = (...channels: string[]) => create(BroadcastRequestSchema, { channels });

test("an error names the channel of its request, or the only one of several", () => {
  expect(channelOf(create(PublishRequestSchema, { channel: "a" }))).toBe("a");
  expect(channelOf(create(PublishRequestSchema, { channel: "a" }), 1)).toBe("a");
  expect(channelOf(broadcast("a"))).toBe("a");
  expect(channelOf(broadcast("a", "b"), 1)).toBe("b");
});

test("an error names no channel if its request has none, or several", () => {
  const result = create(ChannelsResultSchema, { channels: { a: {} } });
  const requests = [
    create(InfoRequestSchema),
    create(PublishRequestSchema),
    broadcast(),
    broadcast("a", "b"),
  ];
  expect([...requests, broadcast(""), result].map((request) => channelOf(request))).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
  expect(channelOf(broadcast("a", "b"), 2)).toBeUndefined();
});
