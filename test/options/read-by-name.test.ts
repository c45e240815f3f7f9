import { expect, test } from "vitest";
import type { ClientOptions, RetryOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { checkRetry, defaultRetry } from "../../src/options/retry-options.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";

class OneAttempt {
  get maxAttempts() {
    return 1;
  }
}

test("retry options may be accessors or inherited", () => {
  for (const given of [new OneAttempt(), Object.create({ maxAttempts: 1 }) as RetryOptions])
    expect(checkRetry(given, defaultRetry)).toEqual({ ...defaultRetry, maxAttempts: 1 });
});

test.each([[[]], ["yes"], [null], [5]])("createClient refuses %j for retry", (retry) => {
  expect(() => createClient({ url: "http://x/api", retry: retry as never })).toThrow("retry: expected");
});

test("the client's options may be accessors, also its key", async () => {
  await using server = await startTestServer();
  class Settings implements ClientOptions {
    get url() {
      return server.httpUrl;
    }
    get apiKey() {
      return server.apiKey;
    }
  }
  await using cent = createClient(new Settings());
  await cent.info();
});

test.each(["pingIntervalMs", "pingTimeoutMs"])("createClient refuses 0 for grpc.%s", (name) => {
  expect(() => createClient({ transport: "grpc", url: "http://x", grpc: { [name]: 0 } })).toThrow(
    `grpc.${name}: expected milliseconds above 0`,
  );
});

test("an error hides a key that is given as a header", async () => {
  const key = "supersecretkey";
  await using server = await startTestServer({ config: { http_api: { key } } });
  server.fail("publish", { code: 107, message: `no: ${key}` });
  await using cent = createClient({ url: server.httpUrl, headers: { "x-api-key": key } });
  const error = await rejection(cent.publish({ channel: "chat", data: 1 }));
  expect(String(error)).toContain("no: (secret)");
});
