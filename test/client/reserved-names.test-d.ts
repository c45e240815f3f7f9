import type { Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { expectTypeOf, test } from "vitest";
import type { Command, PublishRequest, PublishResponse, PublishResult, Reply } from "#api";
import type { CentClient } from "../../src/index.ts";

type Unary<Request extends Message, Response extends Message> = {
  methodKind: "unary";
  input: GenMessage<Request>;
  output: GenMessage<Response>;
};

type Publish = Unary<PublishRequest, PublishResponse>;
type Batch = Unary<
  Message<"x.BatchRequest"> & { commands: (Command & { then?: PublishRequest; archive?: PublishRequest })[] },
  Message<"x.BatchResponse"> & { replies: (Reply & { then?: PublishResult; archive?: PublishResult })[] }
>;

/** A service with the RPCs `Then` and `Archive`, which a batch may carry, and `ToJSON`, which it may not. */
type Service = GenService<{
  batch: Batch;
  publish: Publish;
  then: Publish;
  archive: Publish;
  toJSON: Publish;
}>;

test("an RPC whose name means something else to JavaScript is no method in the types", () => {
  type Client = CentClient<Service>;
  expectTypeOf<Client>().toHaveProperty("archive");
  expectTypeOf<Client>().toHaveProperty("publish");
  expectTypeOf<Client>().not.toHaveProperty("then");
  expectTypeOf<Client>().not.toHaveProperty("toJSON");
  expectTypeOf<Awaited<Client>>().toEqualTypeOf<Client>();
});

test("an RPC whose name means something else to JavaScript is a command of a batch in the types", () => {
  type Request = Parameters<CentClient<Service>["batch"]>[0];
  expectTypeOf<{
    readonly commands: readonly [{ then: { channel: string; data: number } }];
  }>().toExtend<Request>();
});
