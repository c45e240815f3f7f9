import { expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";

test("the error of a 404 shows the URL, which may be wrong", async () => {
  await using server = await startTestServer();
  const url = new URL(server.httpUrl).origin;
  await using cent = createClient({ url, apiKey: server.apiKey });
  await expect(cent.info()).rejects.toThrow(
    `info: HTTP 404 at ${url}/info: 404 page not found: url has no path`,
  );
});

test("the test server gives the key of each of its two APIs", async () => {
  const config = { http_api: { key: "one" }, grpc_api: { key: "two" } };
  await using server = await startTestServer({ config });
  expect([server.apiKey, server.grpcApiKey]).toEqual(["one", "two"]);
  await using cent = createClient({ transport: "grpc", url: server.grpcUrl, apiKey: server.grpcApiKey });
  await expect(cent.channels()).resolves.toEqual(resultOf("channels", { channels: {} }));
});
