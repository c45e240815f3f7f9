import { expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";

test("a start and stop takes under 20 ms of CPU in the median", async () => {
  const times: number[] = [];
  for (let run = 0; run < 15; run++) {
    const before = process.cpuUsage();
    await (await startTestServer()).close();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  const median = times.sort((a, b) => a - b)[7] ?? Number.NaN;
  console.log(`start and stop: median ${median.toFixed(1)} ms of CPU`);
  expect(median).toBeLessThan(20);
});
