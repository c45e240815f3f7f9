import type { Message } from "@bufbuild/protobuf";
import { describe, expectTypeOf, test } from "vitest";
import type { Command } from "#api";
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
  ManyMethods,
  MethodName,
  Publication as NamedPublication,
  PublishRequest as NamedPublishRequest,
  PublishResult as NamedPublishResult,
  PublishResultBigint,
} from "../../src/index.ts";

/** The names that a generated message gives its fields. */
type FieldName<Type extends Message> = Exclude<keyof Type, keyof Message>;

interface ChatMessage {
  text: string;
}

declare const cent: CentClient;

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
