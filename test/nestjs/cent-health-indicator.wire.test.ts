import type { HealthCheckResult } from "@nestjs/terminus";
import { HealthCheckService, TerminusModule } from "@nestjs/terminus";
import { Test } from "@nestjs/testing";
import { expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import type { CentModuleOptions } from "../../src/nestjs/index.ts";
import { CentHealthIndicator, CentModule } from "../../src/nestjs/index.ts";
import { startTestServer } from "../../src/testing/index.ts";

/** Runs a health check of Terminus, and gives its result, or the body of the answer 503. */
async function check(options: CentModuleOptions, given?: { timeoutMs: number }): Promise<HealthCheckResult> {
  const imports = [TerminusModule.forRoot({ logger: false }), CentModule.forRoot(options)];
  const app = await Test.createTestingModule({ imports }).compile();
  const cent = app.get(CentHealthIndicator);
  try {
    return await app.get(HealthCheckService).check([() => cent.isHealthy("centrifugo", given)]);
  } catch (error) {
    return (error as { response: HealthCheckResult }).response;
  } finally {
    await app.close();
  }
}

test.each(["http", "grpc"] as const)(
  "a server that answers over %s is up, and gets one info",
  async (name) => {
    await using server = await startTestServer();
    const { apiKey, httpUrl, grpcUrl } = server;
    const result = await check({ transport: name, url: name === "http" ? httpUrl : grpcUrl, apiKey });
    expect(result).toMatchObject({ status: "ok", info: { centrifugo: { status: "up" } }, error: {} });
    expect(server.calls.map(({ method }) => method)).toEqual(["info"]);
  },
);

test("a server that is gone, refuses the key or is too slow is down with the reason, without the key", async () => {
  await using server = await startTestServer();
  const gone = await startTestServer();
  await gone.close();
  const refused = await check({ url: server.httpUrl, apiKey: "wr0ng-k3y" });
  server.fail("info", { delayMs: 2_000 });
  const results = [
    await check({ url: gone.httpUrl, apiKey: "k3y" }),
    refused,
    await check({ url: server.httpUrl, apiKey: server.apiKey }, { timeoutMs: 50 }),
  ];
  const reasons = results.map(({ status, error }) => [status, error?.centrifugo]);
  expect(reasons).toEqual([
    ["error", { status: "down", message: expect.stringContaining("ECONNREFUSED") }],
    ["error", { status: "down", message: expect.stringContaining("key") }],
    ["error", { status: "down", message: expect.stringContaining("50 ms") }],
  ]);
  expect(JSON.stringify(results)).not.toMatch(/wr0ng-k3y|k3y/);
});

test("a client with a name has an indicator that is made by hand", async () => {
  await using server = await startTestServer();
  await using cent = createClient({ url: server.httpUrl, apiKey: server.apiKey, int64: "bigint" });
  expect(await new CentHealthIndicator(cent).isHealthy("eu")).toEqual({ eu: { status: "up" } });
  await cent.close();
  const { eu } = await new CentHealthIndicator(cent).isHealthy("eu");
  expect(eu).toEqual({ status: "down", message: expect.stringContaining("closed") });
});
