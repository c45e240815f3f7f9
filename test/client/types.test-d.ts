import type { Message } from "@bufbuild/protobuf";
import { describe, expectTypeOf, test } from "vitest";
import type {
  ChannelInfo,
  Command,
  PresenceStatsResult,
  Publication,
  PublishRequest,
  PublishResult,
  RPCResult,
} from "#api";
import type { MappedRequest } from "../../src/call/request-types.ts";
import type { MappedResult } from "../../src/call/result-types.ts";
import type {
  CentClient,
  CentRequest,
  CentResult,
  CommandName,
  DefaultService,
  HistoryResult,
  Int64,
  Item,
  ManyMethods,
  MethodName,
  Publication as NamedPublication,
  PublishRequest as NamedPublishRequest,
  PublishResult as NamedPublishResult,
  PublishResultBigint,
} from "../../src/index.ts";
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
declare const message: ChatMessage;

describe("requests", () => {
  test("requests need the fields that the server requires", () => {
    expectTypeOf(cent.publish).toBeCallableWith({ channel: "a", data: message });
    // @ts-expect-error data is required
    cent.publish({ channel: "a" });
    // @ts-expect-error channel is required
    cent.publish({ data: 1 });
    // @ts-expect-error a required field cannot be undefined
    cent.publish({ channel: undefined, data: 1 });
    // @ts-expect-error channels is required
    cent.broadcast({ data: 1 });
    // @ts-expect-error version is required
    cent.sharedPollPublish({ channel: "a", key: "k" });
    // @ts-expect-error commands is required
    cent.batch({});
    // @ts-expect-error the request is required
    cent.publish();
  });

  test("requests need no other field, and may be left out if none is required", () => {
    expectTypeOf(cent.info).toBeCallableWith();
    expectTypeOf(cent.channels).toBeCallableWith(undefined, { timeoutMs: 5, signal: AbortSignal.timeout(1) });
    expectTypeOf(cent.disconnect).toBeCallableWith({ user: "1" });
    expectTypeOf(cent.history).toBeCallableWith({ channel: "a", limit: undefined, since: undefined });
    expectTypeOf(cent.mapPublish).toBeCallableWith({ channel: "a", key: "k" });
  });

  test("requests have the schema's fields in camelCase, without the base64 ones", () => {
    type Names = keyof CentRequest<"publish">;
    expectTypeOf<Names>().toEqualTypeOf<Exclude<FieldName<PublishRequest>, `b64${string}`>>();
    expectTypeOf<
      "channel" | "data" | "skipHistory" | "tags" | "idempotencyKey" | "delta" | "version" | "versionEpoch"
    >().toExtend<Names>();
    expectTypeOf<"b64data">().not.toExtend<Names>();
    expectTypeOf<
      "b64streamData" extends keyof CentRequest<"mapPublish"> ? true : false
    >().toEqualTypeOf<false>();
    expectTypeOf<"$typeName" extends keyof CentRequest<"history"> ? true : false>().toEqualTypeOf<false>();
    // @ts-expect-error a Uint8Array as data is the way
    cent.publish({ channel: "a", data: 1, b64data: "" });
    // @ts-expect-error unknown field
    cent.publish({ channel: "a", data: 1, skip_history: true });
    // @ts-expect-error unknown field inside
    cent.history({ channel: "a", since: { offest: 1 } });
  });

  test("requests take any data: interfaces, classes, null, Uint8Array", () => {
    class Point {
      x = 1;
    }
    expectTypeOf<CentRequest<"publish">["data"]>().toEqualTypeOf<unknown>();
    for (const data of [message, new Point(), null, "a", 1, [message], new Uint8Array(), new Date()]) {
      expectTypeOf(cent.publish).toBeCallableWith({ channel: "a", data });
    }
  });

  test("requests take number or bigint for 64-bit integers, and number for the others", () => {
    expectTypeOf<CentRequest<"publish">["version"]>().toEqualTypeOf<number | bigint | undefined>();
    expectTypeOf<CentRequest<"sharedPollPublish">["version"]>().toEqualTypeOf<number | bigint>();
    expectTypeOf<CentRequest<"history">["limit"]>().toEqualTypeOf<number | undefined>();
    // @ts-expect-error a string is no integer
    cent.publish({ channel: "a", data: 1, version: "1" });
    // @ts-expect-error limit is of 32 bits
    cent.history({ channel: "a", limit: 1n });
  });

  test("requests take readonly lists and maps", () => {
    const channels = ["a", "b"] as const;
    const tags: Readonly<Record<string, string>> = {};
    expectTypeOf(cent.broadcast).toBeCallableWith({ channels, data: 1, tags });
    // @ts-expect-error a list of numbers
    cent.broadcast({ channels: [1], data: 1 });
    // @ts-expect-error tags are strings
    cent.publish({ channel: "a", data: 1, tags: { a: 1 } });
  });
});

describe("data that is sent", () => {
  test("the type argument of a method whose result has no data is the type of the data that it sends", () => {
    cent.publish<ChatMessage>({ channel: "a", data: message });
    cent.broadcast<ChatMessage>({ channels: ["a"], data: message });
    cent.mapPublish<ChatMessage>({ channel: "a", key: "k", data: message, streamData: message });
    exact.publish<ChatMessage>({ channel: "a", data: message });
    // @ts-expect-error a misspelt field of the data
    cent.publish<ChatMessage>({ channel: "a", data: { txt: "hi" } });
    // @ts-expect-error a misspelt field of the data
    cent.broadcast<ChatMessage>({ channels: ["a"], data: { txt: "hi" } });
    // @ts-expect-error a misspelt field of the data
    cent.mapPublish<ChatMessage>({ channel: "a", key: "k", data: { txt: "hi" } });
    // @ts-expect-error a misspelt field of the data
    exact.publish<ChatMessage>({ channel: "a", data: { txt: "hi" } });
    // @ts-expect-error the result of info has no data, and its request neither
    cent.info<ChatMessage>();
  });

  test("rpc has type arguments for the data of its result and for its params", async () => {
    const { data } = await cent.rpc<string, ChatMessage>({ method: "m", params: message });
    expectTypeOf(data).toEqualTypeOf<string | undefined>();
    // @ts-expect-error misspelt params
    cent.rpc<string, ChatMessage>({ method: "m", params: { txt: "hi" } });
    cent.rpc<string>({ method: "m", params: { any: "thing" } });
  });

  test("the named request has a type argument for its data", () => {
    const request: NamedPublishRequest<ChatMessage> = { channel: "a", data: message };
    cent.publish(request);
    // @ts-expect-error a wrong type of data
    const wrong: NamedPublishRequest<ChatMessage> = { channel: "a", data: 1 };
    expectTypeOf(wrong).toBeObject();
  });

  test("a field that only makes a scalar optional takes the scalar", () => {
    cent.subscribe({ channel: "a", override: { presence: true, joinLeave: undefined } });
    // @ts-expect-error the message of the wire
    cent.subscribe({ channel: "a", override: { presence: { value: true } } });
  });
});

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

describe("named types", () => {
  test("CentRequest and CentResult are the named types", () => {
    expectTypeOf<CentRequest<"publish">>().toEqualTypeOf<NamedPublishRequest>();
    expectTypeOf<CentResult<"publish">>().toEqualTypeOf<NamedPublishResult>();
    expectTypeOf<CentResult<"history", ChatMessage>>().toEqualTypeOf<HistoryResult<ChatMessage>>();
    expectTypeOf<HistoryResult<string>["publications"]>().toEqualTypeOf<NamedPublication<string>[]>();
    expectTypeOf<
      CentResult<"publish", unknown, DefaultService, "bigint">
    >().toEqualTypeOf<PublishResultBigint>();
  });

  test("the named types are those that the mapped types give for the same schema", () => {
    type Plain<Type> = Type extends (infer Element)[]
      ? Plain<Element>[]
      : { [Name in keyof Type]: Plain<Type[Name]> };
    type Same<Name extends MethodName> = [
      Plain<CentResult<Name, string>> extends Plain<MappedResult<Name, string, DefaultService, "number">>
        ? Name
        : never,
      Plain<MappedResult<Name, string, DefaultService, "number">> extends Plain<CentResult<Name, string>>
        ? Name
        : never,
      CentRequest<Name> extends MappedRequest<Name, DefaultService> ? Name : never,
      MappedRequest<Name, DefaultService> extends CentRequest<Name> ? Name : never,
    ];
    type Different = {
      [Name in MethodName]: Same<Name> extends [Name, Name, Name, Name] ? never : Name;
    }[MethodName];
    expectTypeOf<Different>().toBeNever();
  });

  test("a client that may have numbers or bigints has both in its results", async () => {
    const either = {} as CentClient<DefaultService, Int64>;
    expectTypeOf((await either.publish({ channel: "a", data: 1 })).offset).toEqualTypeOf<number | bigint>();
  });
});

describe("helper types", () => {
  test("CentRequest is what the method takes", () => {
    expectTypeOf(cent.publish).parameter(0).toEqualTypeOf<CentRequest<"publish">>();
    expectTypeOf(cent.info).parameter(0).toEqualTypeOf<CentRequest<"info"> | undefined>();
    // @ts-expect-error no such method
    expectTypeOf<CentRequest<"publsh">>().toBeNever();
  });

  test("CentResult is what the method gives", () => {
    expectTypeOf<Awaited<ReturnType<typeof cent.publish>>>().toEqualTypeOf<CentResult<"publish">>();
    expectTypeOf<
      CentResult<"history", ChatMessage>["publications"][0]["data"]
    >().toEqualTypeOf<ChatMessage>();
    expectTypeOf<
      CentResult<"publish", unknown, DefaultService, "bigint">["offset"]
    >().toEqualTypeOf<bigint>();
  });

  test("CommandName is every field of Command: every method of 6.9.1 but batch", () => {
    expectTypeOf<CommandName>().toEqualTypeOf<FieldName<Command>>();
    expectTypeOf<MethodName | "batch">().toEqualTypeOf<
      Exclude<keyof CentClient, "close" | keyof ManyMethods | symbol>
    >();
    expectTypeOf<CommandName>().toExtend<MethodName>();
    expectTypeOf<"sharedPollPublish">().toExtend<CommandName>();
    expectTypeOf<"batch">().not.toExtend<CommandName>();
  });
});
