import { test } from "vitest";

/** Whether the gRPC of these tests is connect-node's. */
export const isStockGrpc = process.env.TSCENT_STOCK_GRPC !== undefined;

/** Differences of connect-node's transport that more than one test shows. */
export const differences = {
  resets: "connect-node resets the streams of calls that end early with INTERNAL_ERROR, not with CANCEL",
  wraps: "connect-node makes a ConnectError of what an interceptor throws, and ABORTED of a reset stream",
};

/** `test`, for behavior that connect-node's transport lacks: over that transport the test must fail. The output has the reason. */
export function testOfOurs(reason: string): typeof test.fails {
  if (!isStockGrpc) return test;
  console.log(`must fail over connect-node's transport: ${reason}`);
  return test.fails;
}
