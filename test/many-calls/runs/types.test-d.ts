import type { DescService } from "@bufbuild/protobuf";
import { describe, expectTypeOf, test } from "vitest";
import type {
  CentClient,
  CentError,
  CentResult,
  DefaultService,
  ManyItem,
  ManyProgress,
  ManyRun,
  PublishResult,
} from "../../../src/index.ts";

declare const cent: CentClient;
declare const exact: CentClient<DefaultService, "bigint">;

describe("publishMany and broadcastMany", () => {
  test("runs give items with the results of publish", async () => {
    const run = cent.publishMany([{ channel: "a", data: 1 }]);
    for await (const item of run) {
      expectTypeOf(item.index).toEqualTypeOf<number>();
      if (item.ok) expectTypeOf(item.result).toEqualTypeOf<CentResult<"publish">>();
      else expectTypeOf(item.error).toEqualTypeOf<CentError>();
    }
    expectTypeOf(await run).toEqualTypeOf<ManyProgress>();
    for await (const item of exact.broadcastMany(new Set(["a"]), { data: 1 })) {
      if (item.ok) expectTypeOf(item.result.offset).toEqualTypeOf<bigint>();
    }
  });

  test("a run is a promise of its counts, and has its items", async () => {
    const run = cent.publishMany([{ channel: "a", data: 1 }]);
    expectTypeOf(run).toEqualTypeOf<ManyRun<PublishResult>>();
    expectTypeOf(run).toExtend<Promise<ManyProgress>>();
    expectTypeOf(run).toExtend<AsyncIterable<ManyItem<PublishResult>>>();
    expectTypeOf(run.then(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(run.progress).toEqualTypeOf<ManyProgress>();
    // @ts-expect-error the run changes its counts, not the caller
    run.progress = { taken: 0, succeeded: 0, failed: 0, unknown: 0 };
  });

  test("a client whose service is known only at run time has runs, too", async () => {
    const untyped = {} as CentClient<DescService>;
    for await (const item of untyped.publishMany([{ channel: "a", data: 1 }], { inFlight: 2 })) {
      if (item.ok) expectTypeOf(item.result).toEqualTypeOf<Record<string, unknown>>();
    }
    expectTypeOf(await untyped.broadcastMany(["a"], { data: 1 })).toEqualTypeOf<ManyProgress>();
    // @ts-expect-error it takes an input
    untyped.publishMany({ channel: "a" });
  });

  test("runs take the requests of publish and broadcast", () => {
    async function* rows() {
      yield { channel: "a", data: 1, version: 1n };
    }
    cent.publishMany(rows(), { inFlight: 2, timeoutMs: 5, onProgress: ({ taken }) => taken });
    // @ts-expect-error a publication has a channel
    cent.publishMany([{ data: 1 }]);
    // @ts-expect-error no such option
    cent.publishMany([], { concurrency: 5 });
    // @ts-expect-error the channels are the first argument
    cent.broadcastMany(["a"], { channels: ["a"], data: 1 });
    // @ts-expect-error a broadcast has data
    cent.broadcastMany(["a"], {});
  });
});
