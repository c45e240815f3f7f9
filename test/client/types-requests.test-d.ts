import type { Message } from "@bufbuild/protobuf";
import { describe, expectTypeOf, test } from "vitest";
import type { PublishRequest } from "#api";
import type {
  CentClient,
  CentRequest,
  DefaultService,
  PublishRequest as NamedPublishRequest,
} from "../../src/index.ts";

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
