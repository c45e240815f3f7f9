import { describe, expect, test, vi } from "vitest";
import type { RetryOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { rejection, secret } from "../harness/expected-error.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

/** A client whose server answers each call with an error INTERNAL. */
function failingClient(message: string, retry: RetryOptions, timeoutMs = 0) {
  const { fetch, sent } = scriptedFetch(JSON.stringify({ error: { code: 100, message } }));
  const client = createClient({
    url: "http://centrifugo.test/api",
    apiKey: secret,
    http: { fetch },
    retry,
    timeoutMs,
  });
  return { client, sent };
}

test("onRetry gets an error INTERNAL that hides the key, before the call rejects", async () => {
  const told: string[] = [];
  const { client } = failingClient(`you sent ${secret}`, {
    baseDelayMs: 1,
    onRetry: ({ error }) => told.push(error.message),
  });
  const { message } = (await rejection(client.info())) as Error;
  const hidden = expect.stringMatching(/^info: you sent \(secret\) \(100\)/);
  expect([...told, message]).toEqual([hidden, hidden, hidden]);
});

/** A client whose calls fail as `fetch` does. */
function clientOver(fetch: () => Promise<Response>, retry: RetryOptions = {}) {
  return createClient({
    url: "http://centrifugo.test/api",
    http: { fetch },
    retry: { baseDelayMs: 1, ...retry },
  });
}

const lost = (code: string) => () =>
  Promise.reject(new Error("fetch failed", { cause: Object.assign(new Error("x"), { code }) }));

test.each([
  ["CERT_HAS_EXPIRED", 1],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", 1],
  ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 3],
  ["ECONNRESET", 3],
])("a read that fails with %s has %i attempts, as a retry cures no certificate", async (code, attempts) => {
  expect(await rejection(clientOver(lost(code)).info())).toMatchObject({
    name: "CentNetworkError",
    attempts,
  });
});

test("an error of the API that no retry cures ends the attempts, also after a lost one", async () => {
  const outcomes = [
    lost("ECONNRESET"),
    async () => new Response('{"code":107,"message":"bad request"}', { status: 400 }),
  ];
  const client = clientOver(async () => (outcomes.shift() ?? expect.fail())());
  expect(await rejection(client.info())).toMatchObject({ code: 107, attempts: 2, maybeExecuted: true });
});

test("an onRetry that takes longer than the call has time left ends with a CentTimeoutError", async () => {
  const onRetry = () => new Promise(() => {});
  const client = clientOver(lost("ECONNRESET"), { onRetry });
  expect(await rejection(client.info({}, { timeoutMs: 60 }))).toMatchObject({
    name: "CentTimeoutError",
    attempts: 1,
    maybeExecuted: true,
  });
});

describe("a call that close() ends", () => {
  const never = () => new Promise<Response>(() => {});

  test("the call is not tried again", async () => {
    const onRetry = vi.fn();
    const client = clientOver(never, { onRetry });
    const call = rejection(client.info());
    await client.close({ timeoutMs: 0 });
    expect(await call).toMatchObject({ message: "info: the client was closed", attempts: 1 });
    expect(onRetry).not.toHaveBeenCalled();
  });

  test("the call is no unhandled rejection if its handlers come after the close", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      const client = clientOver(never);
      const call = client.info();
      await client.close({ timeoutMs: 0 });
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(unhandled).not.toHaveBeenCalled();
      expect(await rejection(call)).toMatchObject({ message: "info: the client was closed" });
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });
});
