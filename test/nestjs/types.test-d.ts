import type { HealthIndicatorFunction } from "@nestjs/terminus";
import { expectTypeOf, test } from "vitest";
import { type CentClient, configFromEnv } from "../../src/index.ts";
import {
  CentHealthIndicator,
  CentModule,
  CentTestingModule,
  createProxyController,
} from "../../src/nestjs/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import type { TestBackend } from "../../src/testing/index.ts";

const url = "http://localhost:8000/api";

test("forRoot and forRootAsync take the options of createClient, a name and isGlobal", () => {
  CentModule.forRoot({ url, apiKey: "k", int64: "bigint", name: "eu", isGlobal: false });
  CentModule.forRoot(configFromEnv());
  CentModule.forRootAsync({ name: "eu", useFactory: async (key: string) => ({ url, apiKey: key }) });
  // @ts-expect-error the url is missing
  CentModule.forRoot({ apiKey: "k" });
  // @ts-expect-error no such option
  CentModule.forRoot({ url, timeoutMS: 5 });
  // @ts-expect-error a number
  CentModule.forRootAsync({ useFactory: () => ({ url: 5 }) });
});

test("the health indicator takes any client, and Terminus takes its result", () => {
  expectTypeOf(CentHealthIndicator).toBeConstructibleWith({} as CentClient);
  const cent = {} as CentHealthIndicator;
  const check: HealthIndicatorFunction = () => cent.isHealthy("centrifugo", { timeoutMs: 500 });
  expectTypeOf(check).toBeFunction();
  expectTypeOf(cent.isHealthy("eu")).resolves.toHaveProperty("eu");
});

test("the testing module takes the options of createTestClient, and gives client and server", () => {
  CentTestingModule.forRoot({ name: "eu", client: { batching: true } });
  // @ts-expect-error no such option
  CentTestingModule.forRoot({ url });
  expectTypeOf(CentTestingModule.get({} as never).client).toEqualTypeOf<CentClient>();
  expectTypeOf(CentTestingModule.get({} as never, "eu").server).toEqualTypeOf<TestBackend>();
});

test("a proxy controller takes a token, or a class that has the node of a proxy", () => {
  class ChatProxy {
    readonly node = createProxy({ secret: false }).node;
  }
  createProxyController("centrifugo", ChatProxy);
  createProxyController("centrifugo", "token");
  // @ts-expect-error a proxy itself is no token
  createProxyController("centrifugo", createProxy({ secret: false }));
});
