import type { Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { describe, expectTypeOf, test } from "vitest";
import type { Error as ApiError, PublishRequest, PublishResponse, PublishResult } from "#api";
import type {
  BatchCommand,
  CentClient,
  CentResult,
  ConsumerMethod,
  DefaultService,
  Item,
} from "../../src/index.ts";
import { createClient, createCommand, failures, unwrap } from "../../src/index.ts";

declare const cent: CentClient;
declare const exact: CentClient<DefaultService, "bigint">;

const publish = { channel: "a", data: 1 };
const history = { channel: "a", limit: 1 };

describe("a batch", () => {
  test("a batch gives a tuple, each item of its command's type", async () => {
    const { replies } = await cent.batch({
      commands: [{ publish }, { history }, { info: {} }],
      parallel: true,
    });
    expectTypeOf(replies).toEqualTypeOf<
      [Item<CentResult<"publish">>, Item<CentResult<"history">>, Item<CentResult<"info">>]
    >();
    const [first, second] = replies;
    if (first.ok) expectTypeOf(first.result.offset).toBeNumber();
    else expectTypeOf(first.error.code).toBeNumber();
    if (second.ok) expectTypeOf(second.result.publications[0]?.data).toBeUnknown();
    // @ts-expect-error there is no result before a check of ok
    first.result;
    // @ts-expect-error there are three replies
    replies[3];
  });

  test("a broadcast in a batch has items", async () => {
    const { replies } = await cent.batch({ commands: [{ broadcast: { channels: ["a"], data: 1 } }] });
    const [reply] = replies;
    if (reply.ok) expectTypeOf(reply.result.responses).toEqualTypeOf<Item<CentResult<"publish">>[]>();
  });

  test('a batch has bigint with int64: "bigint"', async () => {
    const { replies } = await exact.batch({ commands: [{ publish }] });
    expectTypeOf(replies).toEqualTypeOf<[Item<CentResult<"publish", unknown, DefaultService, "bigint">>]>();
    const [reply] = replies;
    if (reply.ok) expectTypeOf(reply.result.offset).toBeBigInt();
  });

  test("a batch of an array gives an array of items", async () => {
    const commands = ["a", "b"].map((channel) => ({ publish: { channel, data: 1 } }));
    const { replies } = await cent.batch({ commands });
    expectTypeOf(replies).toEqualTypeOf<Item<CentResult<"publish">>[]>();
    const mixed = ["a", "b"].map((channel) =>
      channel === "a" ? { publish: { channel, data: 1 } } : { history: { channel } },
    );
    const { replies: either } = await cent.batch({ commands: mixed });
    expectTypeOf(either).toExtend<(Item<CentResult<"publish">> | Item<CentResult<"history">>)[]>();
    expectTypeOf(either[0]).extract<{ ok: true }>().not.toBeNever();
    const any: BatchCommand[] = [];
    const [one] = (await cent.batch({ commands: any })).replies;
    if (one?.ok === false) expectTypeOf(one.error.message).toBeString();
    expectTypeOf<Item<CentResult<"mapStats">>>().toExtend<typeof one>();
  });

  test("a batch takes a tuple from a variable", async () => {
    const commands = [{ publish }, { history }] as const;
    const { replies } = await cent.batch({ commands });
    expectTypeOf(replies).toEqualTypeOf<[Item<CentResult<"publish">>, Item<CentResult<"history">>]>();
  });

  test("a batch takes only commands", () => {
    // @ts-expect-error a field is missing
    cent.batch({ commands: [{ publish: { channel: "a" } }] });
    // @ts-expect-error no such method
    cent.batch({ commands: [{ publsh: publish }] });
    // @ts-expect-error no batch inside a batch
    cent.batch({ commands: [{ batch: { commands: [] } }] });
    // @ts-expect-error no method
    cent.batch({ commands: [{}] });
    // @ts-expect-error two methods
    cent.batch({ commands: [{ publish, history }] });
    // @ts-expect-error two methods in the second command
    cent.batch({ commands: [{ publish }, { history, info: {} }] });
    // @ts-expect-error the wire's name
    cent.batch({ commands: [{ presence_stats: { channel: "a" } }] });
    // @ts-expect-error a wrong type
    cent.batch({ commands: [{ history: { channel: 1 } }] });
    // @ts-expect-error an unknown option
    cent.batch({ commands: [], paralel: true });
  });
});

describe("unwrap", () => {
  test("unwrap gives a tuple of results for a tuple of items", async () => {
    const { replies } = await cent.batch({ commands: [{ publish }, { history }] });
    expectTypeOf(unwrap(replies)).toEqualTypeOf<[CentResult<"publish">, CentResult<"history">]>();
    expectTypeOf(failures(replies)[0]?.index).toEqualTypeOf<number | undefined>();
  });

  test("unwrap gives a list of results for a list of items", async () => {
    const { responses } = await cent.broadcast({ channels: ["a"], data: 1 });
    expectTypeOf(unwrap(responses)).toEqualTypeOf<CentResult<"publish">[]>();
  });
});

describe("createCommand", () => {
  test("createCommand takes the methods that consumers accept", () => {
    expectTypeOf<ConsumerMethod>().toEqualTypeOf<
      "publish" | "broadcast" | "subscribe" | "unsubscribe" | "disconnect" | "history_remove" | "refresh"
    >();
    expectTypeOf(createCommand("history_remove", { channel: "a" }).method).toEqualTypeOf<"history_remove">();
    // @ts-expect-error consumers skip rpc
    createCommand("rpc", { method: "m" });
    // @ts-expect-error the client's name
    createCommand("historyRemove", { channel: "a" });
    // @ts-expect-error data is required
    createCommand("publish", { channel: "a" });
  });
});

describe("another service", () => {
  type NewRequest = Message<"t.NewRequest"> & {
    channel: string;
    b64payload: string;
    payload: Uint8Array;
    count: bigint;
  };
  type NewResult = Message<"t.NewResult"> & { count: bigint; payload: Uint8Array };
  type Command = Message<"t.Command"> & { publish?: PublishRequest; newThing?: NewRequest };
  type Reply = Message<"t.Reply"> & { error?: ApiError; publish?: PublishResult; newThing?: NewResult };
  type Unary<Input extends Message, Output extends Message> = {
    methodKind: "unary";
    input: GenMessage<Input>;
    output: GenMessage<Output>;
  };
  type Service = GenService<{
    publish: Unary<PublishRequest, PublishResponse>;
    newThing: Unary<NewRequest, Message<"t.NewResponse"> & { error?: ApiError; result?: NewResult }>;
    batch: {
      methodKind: "unary";
      input: GenMessage<Message<"t.BatchRequest"> & { commands: Command[]; parallel: boolean }>;
      output: GenMessage<Message<"t.BatchResponse"> & { replies: Reply[] }>;
    };
  }>;
  const open = (service: Service) => createClient({ url: "http://localhost:8000/api", service });
  const client: ReturnType<typeof open> = {} as ReturnType<typeof open>;

  test("a client has the methods of its service, and no others", async () => {
    expectTypeOf(client).toEqualTypeOf<CentClient<Service>>();
    expectTypeOf(
      await client.newThing<string>({ channel: "a", count: 1n, payload: publish }),
    ).branded.toEqualTypeOf<{ count: number } & { payload?: string }>();
    expectTypeOf(await client.publish(publish)).toEqualTypeOf<CentResult<"publish">>();
    // @ts-expect-error the service has no such method
    client.history({ channel: "a" });
    // @ts-expect-error a base64 sibling
    client.newThing({ b64payload: "" });
    // @ts-expect-error data is required
    client.publish({ channel: "a" });
  });

  test("a batch takes the commands of its client's service", async () => {
    const { replies } = await client.batch({ commands: [{ newThing: {} }, { publish }] });
    const [first] = replies;
    if (first.ok) expectTypeOf(first.result.count).toBeNumber();
    // @ts-expect-error the service has no such method
    client.batch({ commands: [{ history }] });
    // @ts-expect-error two methods
    client.batch({ commands: [{ publish, newThing: {} }] });
  });

  test("a type argument is the type of the data that is sent if the result has no data", () => {
    client.publish<{ text: string }>({ channel: "a", data: { text: "hi" } });
    // @ts-expect-error a misspelt field of the data
    client.publish<{ text: string }>({ channel: "a", data: { txt: "hi" } });
    client.newThing<string>({ payload: { any: "thing" } });
    // @ts-expect-error the second type argument is the type of the payload that is sent
    client.newThing<string, number>({ payload: { any: "thing" } });
  });

  test("a client takes the scalar of a field that only makes a scalar optional", () => {
    type Flag = Message<"t.BoolValue"> & { value: boolean };
    type Limited = Message<"t.LimitedRequest"> & { isOn?: Flag; flags: Flag[] };
    type Limits = GenService<{
      publish: Unary<PublishRequest, PublishResponse>;
      batch: Batch;
      limited: Unary<Limited, Limited>;
    }>;
    type Batch = Unary<
      Message<"t.BatchRequest"> & { commands: (Message<"t.Command"> & { limited?: Limited })[] },
      Message<"t.BatchResponse"> & { replies: (Message<"t.Reply"> & { limited?: Limited })[] }
    >;
    const limited = {} as CentClient<Limits>["limited"];
    expectTypeOf(limited).toBeCallableWith({ isOn: true, flags: [false] });
    expectTypeOf<Awaited<ReturnType<typeof limited>>>().toEqualTypeOf<{ isOn?: boolean; flags: boolean[] }>();
  });
});
