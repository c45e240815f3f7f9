import type { Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type {
  Error as ApiError,
  HistoryRequest,
  HistoryResponse,
  HistoryResult,
  PublishRequest,
  PublishResponse,
  PublishResult,
} from "#api";
import type { ChannelData, ChannelOutput } from "../../src/channels/index.ts";
import { defineChannels } from "../../src/channels/index.ts";
import { createClient, paginate } from "../../src/index.ts";

const channels = defineChannels({
  "chat:*": { data: z.object({ text: z.string() }) },
  "chat:private*": { data: z.object({ secret: z.string() }) },
  "chat:lobby": { data: z.object({ users: z.number() }) },
  news: { data: v.object({ title: v.string() }) },
  "score:*": { data: type({ points: "number" }) },
  "date:*": { data: z.object({ at: z.string().transform((text) => new Date(text)) }) },
});
const url = "http://localhost:8000/api";
const cent = createClient({ url, channels });
const reading = createClient({
  url,
  int64: "bigint",
  channels: defineChannels(channels.definitions, { validate: "both" }),
});
const allowing = createClient({
  url,
  channels: defineChannels(channels.definitions, { unknown: "allow" }),
});
declare const name: string;
declare const chat: `chat:${number}`;
declare const anyChat: `chat:${string}`;

describe("the data of a channel", () => {
  test("the longest pattern gives the type", () => {
    expectTypeOf<ChannelData<typeof channels, "chat:1">>().toEqualTypeOf<{ text: string }>();
    expectTypeOf<ChannelData<typeof channels, "chat:private1">>().toEqualTypeOf<{ secret: string }>();
    expectTypeOf<ChannelData<typeof channels, "chat:lobby">>().toEqualTypeOf<{ users: number }>();
    expectTypeOf<ChannelData<typeof channels, "news">>().toEqualTypeOf<{ title: string }>();
    expectTypeOf<ChannelData<typeof channels, "score:1">>().toEqualTypeOf<{ points: number }>();
    expectTypeOf<ChannelData<typeof channels, `chat:${number}`>>().toEqualTypeOf<{ text: string }>();
    expectTypeOf<ChannelData<typeof channels, `chat:${string}`>>().toEqualTypeOf<
      { text: string } | { secret: string } | { users: number }
    >();
  });

  test("data as it travels has the type that the schema takes", () => {
    expectTypeOf<ChannelData<typeof channels, "date:1">>().toEqualTypeOf<{ at: string }>();
    expectTypeOf<ChannelOutput<typeof channels, "date:1">>().toEqualTypeOf<{ at: Date }>();
  });

  test("a pattern without a namespace takes names without one", () => {
    const plain = defineChannels({ "*": { data: z.string() }, "ch*": { data: z.number() } });
    expectTypeOf<ChannelData<typeof plain, "news">>().toEqualTypeOf<string>();
    expectTypeOf<ChannelData<typeof plain, "chat">>().toEqualTypeOf<number>();
    expectTypeOf<ChannelData<typeof plain, "chat:1">>().toEqualTypeOf<never>();
    expectTypeOf<ChannelData<typeof plain, string>>().toEqualTypeOf<never>();
  });
});

describe("a client with channels", () => {
  test("publish takes the data of the channel", () => {
    cent.publish({ channel: "chat:1", data: { text: "hi" }, tags: { a: "b" } }, { timeoutMs: 1 });
    cent.publish({ channel: `chat:${1 as number}`, data: { text: "hi" } });
    cent.publish({ channel: chat, data: { text: "hi" } });
    cent.publish({ channel: anyChat, data: { text: "hi", secret: "", users: 1 } });
    // @ts-expect-error: the data of chat:*
    cent.publish({ channel: "chat:1", data: { text: 1 } });
    // @ts-expect-error: the data of chat:private*
    cent.publish({ channel: "chat:private1", data: { text: "hi" } });
    // @ts-expect-error: data is required
    cent.publish({ channel: "chat:1" });
    // @ts-expect-error: the channel may be private
    cent.publish({ channel: anyChat, data: { text: "hi" } });
    // @ts-expect-error: nothing is defined for it
    cent.publish({ channel: "other", data: { text: "hi" } });
    // @ts-expect-error: nothing is defined for it
    cent.publish({ channel: name, data: { text: "hi" } });
    // @ts-expect-error: a misspelt field
    cent.publish({ channel: "chat:1", data: { text: "hi" }, tag: {} });
  });

  test("broadcast takes data that suits all channels", () => {
    cent.broadcast({ channels: ["chat:1", "chat:2"], data: { text: "hi" } });
    cent.broadcast({ channels: ["chat:1", "news"], data: { text: "hi", title: "hi" } });
    cent.broadcast({ channels: [1, 2].map((id) => `chat:${id}` as const), data: { text: "hi" } });
    // @ts-expect-error: news needs a title
    cent.broadcast({ channels: ["chat:1", "news"], data: { text: "hi" } });
    // @ts-expect-error: nothing is defined for it
    cent.broadcast({ channels: ["other"], data: { text: "hi" } });
  });

  test("history gives the data of the channel", () => {
    expectTypeOf(cent.history({ channel: "chat:1" }))
      .resolves.toHaveProperty("publications")
      .items.toHaveProperty("data")
      .toEqualTypeOf<{ text: string }>();
    expectTypeOf(cent.history({ channel: "date:1", limit: 1 }))
      .resolves.toHaveProperty("publications")
      .items.toHaveProperty("data")
      .toEqualTypeOf<{ at: string }>();
    const read = reading.history({ channel: "date:1" });
    expectTypeOf(read).resolves.toHaveProperty("offset").toEqualTypeOf<bigint>();
    expectTypeOf(read)
      .resolves.toHaveProperty("publications")
      .items.toHaveProperty("data")
      .toEqualTypeOf<{ at: Date }>();
    // @ts-expect-error: nothing is defined for it
    cent.history({ channel: "other" });
    // @ts-expect-error: nothing is defined for it
    cent.history({ channel: name });
  });

  test("paginate gives the data of the channel", () => {
    expectTypeOf(paginate(cent, "history", { channel: "chat:1" }).toArray({ limit: 1 }))
      .resolves.items.toHaveProperty("data")
      .toEqualTypeOf<{ text: string }>();
    expectTypeOf(paginate(reading, "history", { channel: "date:1" }).toArray({ limit: 1 }))
      .resolves.items.toHaveProperty("offset")
      .toEqualTypeOf<bigint>();
    // @ts-expect-error: nothing is defined for it
    paginate(cent, "history", { channel: "other" });
    expectTypeOf(paginate(cent, "deviceList", {})).toHaveProperty("items");
  });

  test("publishMany takes publications of all channels", () => {
    cent.publishMany([
      { channel: "chat:1", data: { text: "hi" } },
      { channel: "news", data: { title: "hi" } },
    ]);
    // @ts-expect-error: the data of news
    cent.publishMany([{ channel: "news", data: { text: "hi" } }]);
    // @ts-expect-error: nothing is defined for it
    cent.publishMany([{ channel: "other", data: { text: "hi" } }]);
    cent.broadcastMany(["chat:1", "chat:2"], { data: { text: "hi" } });
    // @ts-expect-error: the data of chat:*
    cent.broadcastMany(["chat:1"], { data: { title: "hi" } });
    // @ts-expect-error: nothing is defined for it
    cent.broadcastMany([name], { data: { text: "hi" } });
  });

  test("other methods are those of any client", () => {
    expectTypeOf(cent.presence).toEqualTypeOf(createClient({ url }).presence);
    expectTypeOf(cent.batch).toEqualTypeOf(createClient({ url }).batch);
    expectTypeOf(cent.close).toEqualTypeOf(createClient({ url }).close);
    expectTypeOf(cent).toHaveProperty(Symbol.asyncDispose);
  });
});

describe('unknown: "allow"', () => {
  test("an unknown channel has data of any type", () => {
    allowing.publish({ channel: "other", data: 1 });
    allowing.publish({ channel: name, data: 1 });
    allowing.broadcast({ channels: [name], data: 1 });
    allowing.publishMany([{ channel: name, data: 1 }]);
    allowing.broadcastMany([name], { data: 1 });
    expectTypeOf(allowing.history({ channel: name }))
      .resolves.toHaveProperty("publications")
      .items.toHaveProperty("data")
      .toEqualTypeOf<unknown>();
  });

  test("a defined channel has its data", () => {
    // @ts-expect-error: the data of chat:*
    allowing.publish({ channel: "chat:1", data: 1 });
  });
});

describe("another service", () => {
  type Unary<Input extends Message, Output extends Message> = {
    methodKind: "unary";
    input: GenMessage<Input>;
    output: GenMessage<Output>;
  };
  /** A service whose history has one more field, and without `broadcast`. */
  type Command = Message<"t.Command"> & {
    publish?: PublishRequest;
    history?: HistoryRequest & { newest: boolean };
  };
  type Reply = Message<"t.Reply"> & { error?: ApiError; publish?: PublishResult; history?: HistoryResult };
  type Service = GenService<{
    publish: Unary<PublishRequest, PublishResponse>;
    history: Unary<HistoryRequest, HistoryResponse>;
    batch: {
      methodKind: "unary";
      input: GenMessage<Message<"t.BatchRequest"> & { commands: Command[]; parallel: boolean }>;
      output: GenMessage<Message<"t.BatchResponse"> & { replies: Reply[] }>;
    };
  }>;
  const open = (service: Service) => createClient({ url, service, channels });
  const newer: ReturnType<typeof open> = {} as ReturnType<typeof open>;

  test("a client has the data of channels in the methods of its service, and no others", () => {
    newer.publish({ channel: "chat:1", data: { text: "hi" } });
    // @ts-expect-error: the data of chat:*
    newer.publish({ channel: "chat:1", data: { text: 1 } });
    expectTypeOf(newer.history({ channel: "chat:1", newest: true }))
      .resolves.toHaveProperty("publications")
      .items.toHaveProperty("data")
      .toEqualTypeOf<{ text: string }>();
    newer.publishMany([{ channel: "chat:1", data: { text: "hi" } }]);
    // @ts-expect-error: the service has no such method
    newer.broadcast({ channels: ["chat:1"], data: { text: "hi" } });
    // @ts-expect-error: the service has no such method
    newer.broadcastMany(["chat:1"], { data: { text: "hi" } });
  });
});
