import { describe, expect, test } from "vitest";
import type { TracedCall } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { listenToCalls } from "../harness/traced-events.ts";
import { uncaughtErrors } from "../harness/uncaught-errors.ts";
import { unhandledRejections } from "../harness/unhandled-rejections.ts";

type Around = Parameters<TracedCall["wrap"]>[0];

const uncaught = uncaughtErrors();
const unhandled = unhandledRejections();

async function publishAround(around: unknown) {
  listenToCalls((call) => call.wrap(around as Around));
  const { client, server } = createTestClient();
  const result = await client.publish({ channel: "chat", data: 1 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { result, sent: server.calls.length };
}

describe("a function of a subscriber around a call", () => {
  test.each<[string, (run: () => unknown) => unknown]>([
    ["never runs it", () => {}],
    ["runs it later", (run) => setTimeout(run, 1)],
    ["runs it twice", (run) => [run(), run()]],
    ["gives another result", (run) => run() && "another result"],
    ["is async", async (run) => await run()],
  ])("that %s changes neither the call nor its result", async (_what, around) => {
    expect(await publishAround(around)).toEqual({
      result: expect.objectContaining({ epoch: expect.any(String) }),
      sent: 1,
    });
    expect(uncaught()).toEqual([]);
  });

  test.each<[string, (run: () => unknown) => unknown]>([
    ["before", () => fault()],
    ["after", (run) => run() && fault()],
  ])("that throws %s it fails as a subscriber, and the call goes on", async (_when, around) => {
    expect(await publishAround(around)).toMatchObject({ sent: 1 });
    expect(uncaught()).toEqual([new Error("a fault of the subscriber")]);
  });

  test("a promise that it makes of a call that fails is no unhandled rejection", async () => {
    listenToCalls((call) => call.wrap((async (run: () => unknown) => await run()) as Around));
    const { client } = createTestClient();
    const error = await rejection(client.publish({ channel: "unknown:x", data: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([error, unhandled]).toEqual([expect.objectContaining({ code: 102 }), []]);
  });

  test("a value that is no function is refused when it is given", async () => {
    await publishAround(5);
    expect(uncaught()).toEqual([new TypeError("wrap: expected a function, got number")]);
  });
});

function fault(): never {
  throw new Error("a fault of the subscriber");
}
