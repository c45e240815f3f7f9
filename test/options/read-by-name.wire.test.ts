import { expect, test } from "vitest";
import type { ClientOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";

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

test("an error hides a key that is given as a header", async () => {
  const key = "supersecretkey";
  await using server = await startTestServer({ config: { http_api: { key } } });
  server.fail("publish", { code: 107, message: `no: ${key}` });
  await using cent = createClient({ url: server.httpUrl, headers: { "x-api-key": key } });
  const error = await rejection(cent.publish({ channel: "chat", data: 1 }));
  expect(String(error)).toContain("no: (secret)");
});
