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

test("the memory that publishMany takes does not grow with its input", { timeout: 180_000 }, async () => {
  const { client, server } = createTestClient({
    config: { channel: { without_namespace: {} } },
  });
  // The test server's record of calls is not the client's memory.
  const forget = () => server.clearCalls();
  const run = async (count: number) => {
    async function* publications() {
      for (let n = 0; n < count; n++)
        yield { channel: `chat_${n % 100}`, data: { n, text: "x".repeat(100) } };
    }
    let most = 0;
    let seen = 0;
    for await (const item of client.publishMany(publications(), { maxCommands: 100 })) {
      if (!item.ok) throw item.error;
      if (++seen % 5_000 === 0) {
        forget();
        most = Math.max(most, heap());
      }
    }
    expect(seen).toBe(count);
    return most;
  };
  const few = await run(20_000);
  const many = await run(200_000);
  // 180,000 more publications would take 20 MB, in whichever form the client kept them.
  expect(many - few).toBeLessThan(5e6);
});
