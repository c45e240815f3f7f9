import type { DescService, Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { expectTypeOf, test } from "vitest";
import type { Command, DeviceListRequest, DeviceListResponse, Reply } from "#api";
import type {
  CentClient,
  DefaultService,
  Device,
  DeviceListResult,
  HistoryResult,
  HistoryResultBigint,
  MapEntry,
  MapReadStateResult,
  Pages,
  Publication,
  PublicationBigint,
  UserTopic,
} from "../../../src/index.ts";
import { paginate } from "../../../src/index.ts";

interface ChatMessage {
  text: string;
}

declare const cent: CentClient;
declare const exact: CentClient<DefaultService, "bigint">;
declare const untyped: CentClient<DescService>;

test("a page is the method's result, an item is an element of its list", () => {
  const pages = paginate(cent, "history", { channel: "chat" });
  expectTypeOf(pages).toEqualTypeOf<Pages<HistoryResult, Publication>>();
  const devices = paginate(cent, "deviceList", { filter: {} });
  expectTypeOf(devices).toEqualTypeOf<Pages<DeviceListResult, Device>>();
  expectTypeOf(paginate(cent, "userTopicList", {}).toArray({ limit: 1 })).toEqualTypeOf<
    Promise<UserTopic[]>
  >();
});

test("the type of the data is given as for the method", () => {
  const pages = paginate<ChatMessage>(cent, "history", { channel: "chat" });
  expectTypeOf(pages).toEqualTypeOf<Pages<HistoryResult<ChatMessage>, Publication<ChatMessage>>>();
  const state = paginate<ChatMessage>(cent, "mapReadState", { channel: "chat" });
  expectTypeOf(state).toEqualTypeOf<Pages<MapReadStateResult<ChatMessage>, MapEntry<ChatMessage>>>();
  const changes = paginate<ChatMessage>(cent, "mapReadStream", { channel: "chat", sinceOffset: 1n });
  expectTypeOf(changes.items()).toEqualTypeOf<AsyncGenerator<MapEntry<ChatMessage>, void, undefined>>();
});

test("a client with bigint has pages with bigint", () => {
  expectTypeOf(paginate(exact, "history", { channel: "chat" })).toEqualTypeOf<
    Pages<HistoryResultBigint, PublicationBigint>
  >();
  expectTypeOf(paginate<ChatMessage, "bigint">(exact, "history", { channel: "chat" })).toEqualTypeOf<
    Pages<HistoryResultBigint<ChatMessage>, PublicationBigint<ChatMessage>>
  >();
});

test("a stand-in needs the method alone", () => {
  const mock = { history: cent.history };
  expectTypeOf(paginate(mock, "history", { channel: "chat" })).toEqualTypeOf<
    Pages<HistoryResult, Publication>
  >();
  // @ts-expect-error the stand-in has no deviceList
  paginate(mock, "deviceList", {});
});

test("a client of a service that is loaded at run time takes any method", () => {
  expectTypeOf(paginate(untyped, "archive", {})).toEqualTypeOf<Pages<Record<string, unknown>, unknown>>();
});

test("a method that only another service has is typed by its fields", () => {
  type Unary<Request extends Message, Response extends Message> = {
    methodKind: "unary";
    input: GenMessage<Request>;
    output: GenMessage<Response>;
  };
  type Service = GenService<{
    batch: Unary<
      Message<"x.BatchRequest"> & { commands: Command[] },
      Message<"x.BatchResponse"> & { replies: Reply[] }
    >;
    archiveList: Unary<DeviceListRequest, DeviceListResponse>;
  }>;
  const archive = {} as CentClient<Service>;
  const pages = paginate(archive, "archiveList", { limit: 5 });
  type Page = Awaited<ReturnType<(typeof archive)["archiveList"]>>;
  expectTypeOf(pages).toEqualTypeOf<Pages<Page, Page["items"][number]>>();
  expectTypeOf<Page["items"][number]["id"]>().toEqualTypeOf<string>();
  // @ts-expect-error this service has no history
  paginate(archive, "history", { channel: "chat" });
});

test("a wrong method, field or option does not compile", () => {
  // @ts-expect-error publish has no pages
  paginate(cent, "publish", { channel: "chat", data: 1 });
  // @ts-expect-error the name is misspelt
  paginate(cent, "histroy", { channel: "chat" });
  // @ts-expect-error the channel is missing
  paginate(cent, "history", {});
  // @ts-expect-error the field is misspelt
  paginate(cent, "deviceList", { curser: "a" });
  // @ts-expect-error the option is misspelt
  paginate(cent, "history", { channel: "chat" }, { timeout: 1 });
  // @ts-expect-error a limit is required
  paginate(cent, "history", { channel: "chat" }).toArray();
});
