import type { DynamicModule, INestApplicationContext } from "@nestjs/common";
import type { TestClient, TestClientOptions } from "../testing/test-client.ts";
import { CentModule } from "./cent-module.ts";
import { testToken } from "./inject-cent.ts";

/** Provides the client of an in-memory Centrifugo, and replaces the client of each `CentModule` of the same name by it. */
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class
export class CentTestingModule {
  /** The module for a test, with the options of `createTestClient`. */
  static forRoot({
    name,
    ...options
  }: TestClientOptions & { name?: string | undefined } = {}): DynamicModule {
    const provide = testToken(name);
    const imports = [CentModule.forRoot({ name, url: "http://in-memory" })];
    // Only tests load the test server.
    const useFactory = async () => (await import("../testing/index.ts")).createTestClient(options);
    const providers = [{ provide, useFactory }];
    return { module: CentTestingModule, global: true, imports, providers, exports: [provide] };
  }

  /** The client and the server, with its recorded calls, of a testing module or application. */
  static get(app: Pick<INestApplicationContext, "get">, name?: string): TestClient {
    return app.get<TestClient>(testToken(name));
  }
}
