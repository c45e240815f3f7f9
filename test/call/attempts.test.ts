import { expect, test } from "vitest";
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
