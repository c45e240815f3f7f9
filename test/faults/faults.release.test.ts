import { afterAll, describe, expect, test } from "vitest";
import { faults } from "./faults.ts";
import { ClientProcesses, methodsOf } from "./try-fault.ts";

// The quick faults of `npm run faults`.
const quick = faults.filter(({ isSlow, isFlood }) => !isSlow && !isFlood);
const clients = new ClientProcesses(3);
afterAll(() => clients[Symbol.dispose]());

describe.each(["http", "grpc"] as const)("%s", (protocol) => {
  const cases = quick
    .filter((fault) => fault.protocol === protocol)
    .flatMap((fault) => methodsOf(fault).map((method) => ({ fault, method, title: fault.title })));

  test.concurrent.each(cases)(
    "the call $method ends by the rules with the fault: $title",
    // A case also waits for its client process to start. The rules judge the time of the call itself.
    { timeout: 60_000 },
    async ({ fault, method }) => {
      const { complaints } = await clients.try(fault, method);
      expect(complaints).toEqual([]);
    },
  );
});

test.each(["http", "grpc"])("the faults over %s are 40 or more, each with its own title", (protocol) => {
  const titles = faults.filter((fault) => fault.protocol === protocol).map(({ title }) => title);
  expect(titles.length).toBeGreaterThanOrEqual(40);
  expect(new Set(titles).size).toBe(titles.length);
});
