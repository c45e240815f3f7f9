import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createTestClient } from "../../../src/testing/index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes in use after a garbage collection. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Publishes `count` values, and gives the most bytes that were in use meanwhile. */
async function publish(how: "iterated" | "awaited", count: number): Promise<number> {
  const { client, server } = createTestClient({ config: { channel: { without_namespace: {} } } });
  async function* publications() {
    for (let n = 0; n < count; n++) yield { channel: `chat_${n % 100}`, data: { n, text: "x".repeat(100) } };
  }
  let most = 0;
  let requests = 0;
  const onProgress = () => {
    if (++requests % 50 !== 0) return;
    // The test server's record of calls is not the client's memory.
    server.clearCalls();
    most = Math.max(most, heap());
  };
  const run = client.publishMany(publications(), { maxCommands: 100, onProgress });
  if (how === "iterated") for await (const item of run) if (!item.ok) throw item.error;
  expect(await run).toMatchObject({ succeeded: count });
  return most;
}

test.each(["iterated", "awaited"] as const)(
  "the memory that publishMany takes does not grow with its input: %s",
  { timeout: 180_000 },
  async (how) => {
    const few = await publish(how, 20_000);
    const many = await publish(how, 200_000);
    // 180,000 more publications would take 20 MB, in whichever form the client kept them.
    expect(few).toBeGreaterThan(0);
    expect(many - few).toBeLessThan(5e6);
  },
);
