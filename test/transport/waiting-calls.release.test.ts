import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { WaitingCalls } from "../../src/transport/waiting-calls.ts";

test("thousands of calls that come and leave do not fill the heap", () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const waiting = new WaitingCalls<string>({}, () => {});
  const comeAndLeave = (count: number) => {
    for (let n = 0; n < count; n++) {
      let cancel = () => {};
      waiting.add({
        call: {
          isOverdue: () => false,
          onCancel: (leave) => {
            cancel = leave as () => void;
          },
          reject: () => {},
        },
        start: () => {},
      });
      cancel();
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = comeAndLeave(10_000);
  // The places of 100,000 calls alone would take 4 MB.
  expect(comeAndLeave(100_000) - before).toBeLessThan(1_500_000);
  expect(waiting.length).toBe(0);
});
