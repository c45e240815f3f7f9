import type { Message } from "@bufbuild/protobuf";
import { describe, expectTypeOf, test } from "vitest";
import type { ChannelInfo, PresenceStatsResult, Publication, PublishResult, RPCResult } from "#api";
import type { CentClient, CentResult, DefaultService, Item } from "../../src/index.ts";
import { configFromEnv, createClient } from "../../src/index.ts";

/** The names that a generated message gives its fields. */
type FieldName<Type extends Message> = Exclude<keyof Type, keyof Message>;

// An interface has no index signature, so a type of "any JSON object" would refuse it.
interface ChatMessage {
  text: string;
  sentAt?: Date;
}

declare const cent: CentClient;
declare const exact: CentClient<DefaultService, "bigint">;

describe("results", () => {
  test("results have numbers for 64-bit integers", async () => {
    const result = await cent.publish({ channel: "a", data: 1 });
    expectTypeOf(result).pick<"offset" | "epoch">().toEqualTypeOf<{ offset: number; epoch: string }>();
    const { entries } = await cent.mapReadState({ channel: "a" });
    expectTypeOf(entries[0]?.time).toEqualTypeOf<number | undefined>();
  });

  test('results have bigint with int64: "bigint", and 32-bit integers stay numbers', async () => {
    const result = await exact.publish({ channel: "a", data: 1 });
    expectTypeOf(result).pick<"offset" | "epoch">().toEqualTypeOf<{ offset: bigint; epoch: string }>();
    expectTypeOf(await exact.presenceStats({ channel: "a" }))
      .pick<"numClients" | "numUsers">()
      .toEqualTypeOf<{ numClients: number; numUsers: number }>();
    const { publications } = await exact.history<ChatMessage>({ channel: "a" });
    expectTypeOf(publications[0]?.offset).toEqualTypeOf<bigint | undefined>();
    expectTypeOf(publications[0]?.data).toEqualTypeOf<ChatMessage | undefined>();
  });

  test("results follow the option int64 of createClient", () => {
    const url = "http://localhost:8000/api";
    expectTypeOf(createClient({ url })).toEqualTypeOf<CentClient>();
    expectTypeOf(createClient({ url, int64: "number" })).toEqualTypeOf<CentClient>();
    expectTypeOf(createClient({ url, int64: "bigint" })).toEqualTypeOf<
      CentClient<DefaultService, "bigint">
    >();
    expectTypeOf(createClient(configFromEnv())).toEqualTypeOf<CentClient>();
    expectTypeOf(createClient({ ...configFromEnv(), int64: "bigint" })).toEqualTypeOf<
      CentClient<DefaultService, "bigint">
    >();
    // @ts-expect-error another value
    createClient({ url, int64: "string" });
    // @ts-expect-error an unknown option
    createClient({ url, timeout: 5 });
  });

  test("results have data of the type argument, unknown by default", async () => {
    const typed = await cent.history<ChatMessage>({ channel: "a" });
    expectTypeOf(typed.publications[0]?.data).toEqualTypeOf<ChatMessage | undefined>();
    const untyped = await cent.history({ channel: "a" });
    expectTypeOf(untyped.publications[0]?.data).toBeUnknown();
    expectTypeOf(await cent.rpc<ChatMessage>({ method: "m" }))
      .pick<"data">()
      .toEqualTypeOf<{ data?: ChatMessage }>();
  });

  test("connection info is unknown inside a publication, and typed in presence", async () => {
    const { publications } = await cent.history<ChatMessage>({ channel: "a" });
    expectTypeOf(publications[0]?.info?.connInfo).toBeUnknown();
    const { presence } = await cent.presence<ChatMessage>({ channel: "a" });
    const [info] = Object.values(presence);
    expectTypeOf(info?.connInfo).toEqualTypeOf<ChatMessage | undefined>();
    expectTypeOf(info?.chanInfo).toEqualTypeOf<ChatMessage | undefined>();
    expectTypeOf(info?.user).toEqualTypeOf<string | undefined>();
  });

  test("results always have lists and maps, and may lack messages", async () => {
    const { publications, epoch } = await cent.history({ channel: "a" });
    expectTypeOf(publications).toBeArray();
    expectTypeOf(epoch).toBeString();
    const publication = publications[0] as NonNullable<(typeof publications)[0]>;
    expectTypeOf(publication.tags).toEqualTypeOf<{ [key: string]: string }>();
    expectTypeOf<undefined extends typeof publication.info ? true : false>().toEqualTypeOf<true>();
    expectTypeOf<"data" | "info" | "offset" | "tags">().toExtend<keyof typeof publication>();
    const { channels } = await cent.channels();
    expectTypeOf<keyof typeof channels>().toEqualTypeOf<string | number>();
    expectTypeOf(channels.a?.numClients).toEqualTypeOf<number | undefined>();
  });

  test("results have the schema's fields, and no others", () => {
    expectTypeOf<keyof CentResult<"publish">>().toEqualTypeOf<FieldName<PublishResult>>();
    expectTypeOf<keyof CentResult<"presenceStats">>().toEqualTypeOf<FieldName<PresenceStatsResult>>();
    expectTypeOf<keyof CentResult<"rpc">>().toEqualTypeOf<FieldName<RPCResult>>();
    expectTypeOf<keyof CentResult<"history">["publications"][0]>().toEqualTypeOf<FieldName<Publication>>();
    expectTypeOf<keyof CentResult<"channels">["channels"][string]>().toEqualTypeOf<FieldName<ChannelInfo>>();
  });

  test("results of broadcast are items", async () => {
    const { responses } = await cent.broadcast({ channels: ["a"], data: 1 });
    expectTypeOf(responses).toEqualTypeOf<Item<CentResult<"publish">>[]>();
  });
});
