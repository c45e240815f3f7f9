import type { Agent, ProxyAgent } from "undici";
import type * as undici7 from "undici7";
import { describe, expectTypeOf, test } from "vitest";
import type { CentClient, DefaultService, HttpOptions } from "../../src/index.ts";

declare const numbers: CentClient;
declare const bigints: CentClient<DefaultService, "bigint">;

describe("int64", () => {
  test("a client with bigints and one with numbers are not assignable to each other", () => {
    // @ts-expect-error methods with bigints
    const asNumbers: CentClient = bigints;
    // @ts-expect-error methods with numbers
    const asBigints: CentClient<DefaultService, "bigint"> = numbers;
    // @ts-expect-error results with bigints
    const publish: CentClient["publish"] = bigints.publish;
    expectTypeOf([asNumbers, asBigints, publish]).toBeArray();
  });
});

test("a batch takes a spread among its commands", () => {
  const publishes = ["a", "b"].map((channel) => ({ publish: { channel, data: 1 } }));
  const call = () => numbers.batch({ commands: [...publishes, { info: {} }] });
  expectTypeOf(call).returns.resolves.toHaveProperty("replies");
});

test("http.dispatcher takes the dispatchers of undici 7 and 8", () => {
  expectTypeOf<Agent | ProxyAgent>().toExtend<NonNullable<HttpOptions["dispatcher"]>>();
  expectTypeOf<undici7.Agent | undici7.ProxyAgent>().toExtend<NonNullable<HttpOptions["dispatcher"]>>();
});
