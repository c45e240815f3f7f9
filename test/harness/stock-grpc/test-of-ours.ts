import { test } from "vitest";

/** Whether the gRPC of these tests is connect-node's. */
export const isStockGrpc = process.env.TSCENT_STOCK_GRPC !== undefined;

/** How connect-node's transport differs from ours in more than one test. */
export const differences = {
  resets: "connect-node resets the streams of calls that end early with INTERNAL_ERROR, not with CANCEL",
  wraps: "connect-node makes a ConnectError of what an interceptor throws, and ABORTED of a reset stream",
};

/** `test`, where connect-node's transport behaves otherwise: over that the test must fail, and the output has the reason. */
export function testOfOurs(reason: string): typeof test.fails {
  if (!isStockGrpc) return test;
  console.log(`must fail over connect-node's transport: ${reason}`);
  return test.fails;
}
