import { expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";

test("a 404 says where, for it may be the url that is wrong", async () => {
  await using server = await startTestServer();
  const url = new URL(server.httpUrl).origin;
  await using cent = createClient({ url, apiKey: server.apiKey });
  await expect(cent.info()).rejects.toThrow(`info: HTTP 404 at ${url}/info: 404 page not found`);
});

test.each(["http", "grpc"] as const)("no key and a wrong key are told apart over %s", async (transport) => {
  await using server = await startTestServer();
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  await using without = createClient({ transport, url });
  await expect(without.info()).rejects.toThrow(/^info: .* \(no apiKey was given\)$/);
  await using wrong = createClient({ transport, url, apiKey: "wrong" });
  await expect(wrong.info()).rejects.toThrow(/^info: (?:HTTP 401|unauthenticated)$/);
});

test("the embedded server tells the keys of the two APIs", async () => {
  const config = { http_api: { key: "one" }, grpc_api: { key: "two" } };
  await using server = await startTestServer({ config });
  expect([server.apiKey, server.grpcApiKey]).toEqual(["one", "two"]);
  await using cent = createClient({ transport: "grpc", url: server.grpcUrl, apiKey: server.grpcApiKey });
  await expect(cent.channels()).resolves.toEqual(resultOf("channels", { channels: {} }));
});
