import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";

/** Answers a publish, or a batch of any size. */
const fetch = async (_url: unknown, init?: RequestInit) => {
  const { commands } = JSON.parse(`${init?.body}`) as { commands?: unknown[] };
  return new Response(JSON.stringify({ result: {}, replies: commands?.map(() => ({ publish: {} })) }));
};

describe.each([false, true])("a signal, with batching %s", (batching) => {
  const open = () => createClient({ url: "http://centrifugo.test/api", http: { fetch }, batching });

  test("a signal that many calls share costs a call no more time", { timeout: 60_000 }, async () => {
    await using cent = open();
    const time = async (signal?: AbortSignal) => {
      const options = signal === undefined ? {} : { signal };
      const before = process.cpuUsage();
      const publish = () => cent.publish({ channel: "a", data: 1 }, options);
      await Promise.all(Array.from({ length: 10_000 }, publish));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    await time();
    const alone = await time();
    // A listener per call took twenty times as long, because a signal searches all its listeners.
    expect(await time(new AbortController().signal)).toBeLessThan(Math.max(4 * alone, 200));
  });
});
