import { setTimeout as delay } from "node:timers/promises";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import type { CentrifugoConfig, Fault, TestServer } from "../../src/testing/index.ts";

/** Faults of requests, and replies that are lost after the server has executed the request. */
export interface Hardships {
  readonly faults: readonly Fault[];
  readonly lostReplies: readonly boolean[];
}

const longestDelayMs = 12;

export const hardships: fc.Arbitrary<Hardships> = fc.record({
  faults: fc.array(
    fc.constantFrom<Fault>(
      { delayMs: 3 },
      { delayMs: longestDelayMs },
      { drop: true },
      { drop: true, delayMs: 3 },
      { grpcStatus: 14 },
      { grpcStatus: 3 },
      { grpcStatus: 12, delayMs: 3 },
    ),
    { maxLength: 6 },
  ),
  lostReplies: fc.array(
    fc.nat(3).map((n) => n === 0),
    { maxLength: 6 },
  ),
});

export const config: CentrifugoConfig = { http_api: { key: "api_key" }, grpc_api: { key: "api_key" } };
export const channels: readonly string[] = ["a", "b", "c"];

/** An interceptor that loses each reply for which `next` gives true. */
export function losesReplies(next: () => boolean): Interceptor {
  return (call) => async (request) => {
    const response = await call(request);
    if (next()) throw new ConnectError("the reply was lost", Code.Unavailable);
    return response;
  };
}

/** The deliveries in the channels of a run, read after the longest delay. */
export function deliveries(server: TestServer, run: string): () => Promise<ReadonlyMap<string, unknown[]>> {
  const names = channels.map((channel) => channel + run);
  const reader = server.connect({ user: "reader", client: "reader", channels: names });
  return async () => {
    await delay(longestDelayMs + 10);
    const publications = reader.received.filter((push) => push.type === "publication");
    reader.disconnect();
    return new Map(
      names.map((name) => [
        name,
        publications.filter((push) => push.channel === name).map(({ data }) => data),
      ]),
    );
  };
}

/** Whether numbers are in ascending order. */
export function isInOrder(numbers: readonly unknown[]): boolean {
  return numbers.every((number, index) => index === 0 || Number(number) > Number(numbers[index - 1]));
}
