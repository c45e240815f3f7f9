import type { DynamicModule, INestApplicationContext, ModuleMetadata } from "@nestjs/common";
import { Logger } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { CentClient } from "../../src/index.ts";
import { CentHealthIndicator, CentModule, getCentToken, InjectCent } from "../../src/nestjs/index.ts";

/** As `constructor(@InjectCent() readonly cent: CentClient)`, for Node.js runs no decorators. */
class Rooms {
  readonly cent: CentClient;
  constructor(cent: CentClient) {
    this.cent = cent;
  }
}
InjectCent()(Rooms, undefined, 0);

class RoomsModule {}
const rooms: DynamicModule = { module: RoomsModule, providers: [Rooms] };
const options = { url: "http://localhost:8000/api", apiKey: "k3y" };

const opened: INestApplicationContext[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function compile(metadata: ModuleMetadata): Promise<INestApplicationContext> {
  const app = await Test.createTestingModule(metadata).compile();
  opened.push(app);
  return app;
}

const afterClose = /client is closed/;

describe("CentModule.forRoot", () => {
  test("a module that does not import CentModule gets its client", async () => {
    const app = await compile({ imports: [CentModule.forRoot(options), rooms] });
    expect(app.get(Rooms).cent.publish).toBeTypeOf("function");
    expect(app.get(Rooms).cent).toBe(app.get(getCentToken()));
  });

  test("a module that is not global gives its client only to the modules that import it", async () => {
    const local = CentModule.forRoot({ ...options, isGlobal: false });
    await expect(compile({ imports: [local, rooms] })).rejects.toThrow('"CentClient" at index [0]');
    const app = await compile({ imports: [{ ...rooms, imports: [local] }] });
    expect(app.get(Rooms).cent.publish).toBeTypeOf("function");
  });

  test("clients with names stand beside the one without, and leave its health indicator alone", async () => {
    const named = ["eu", "us"].map((name) => CentModule.forRoot({ ...options, name }));
    const app = await compile({ imports: [CentModule.forRoot(options), ...named] });
    const clients = [undefined, "eu", "us"].map((name) => app.get(getCentToken(name)));
    expect(new Set(clients).size).toBe(3);
    expect(app.get(CentHealthIndicator)).toBeInstanceOf(CentHealthIndicator);
    await expect(compile({ imports: named, providers: [Rooms] })).rejects.toThrow(
      '"CentClient" at index [0]',
    );
  });

  test("wrong options stop the application with an error that names the option, and shows no key", async () => {
    const wrong = { ...options, timeoutMS: 5 };
    const error = await compile({ imports: [CentModule.forRoot(wrong)] }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain("timeoutMS: unknown option; did you mean timeoutMs?");
    expect(String(error)).not.toContain("k3y");
    const nothing = CentModule.forRoot({} as typeof options);
    await expect(compile({ imports: [nothing] })).rejects.toThrow("url");
  });
});

describe("CentModule.forRootAsync", () => {
  const config: DynamicModule = {
    module: class ConfigModule {},
    providers: [{ provide: "config", useValue: { key: "k3y" } }],
    exports: ["config"],
  };

  test("a factory gets what it asks for, and its promise gives the options", async () => {
    const useFactory = vi.fn(async ({ key }: { key: string }) => ({ ...options, apiKey: key }));
    const cent = CentModule.forRootAsync({ imports: [config], inject: ["config"], useFactory });
    const app = await compile({ imports: [cent, rooms] });
    expect(useFactory.mock.calls).toEqual([[{ key: "k3y" }]]);
    expect(app.get(Rooms).cent.publish).toBeTypeOf("function");
  });

  test("a class gives the options by createCentOptions", async () => {
    class FromClass {
      createCentOptions = () => options;
    }
    const app = await compile({ imports: [CentModule.forRootAsync({ useClass: FromClass, name: "eu" })] });
    expect(app.get<CentClient>(getCentToken("eu")).publish).toBeTypeOf("function");
  });

  test("the error of a factory, or of wrong options that it gives, stops the application", async () => {
    const missing = new Error("CENT_URL is missing");
    const failing = CentModule.forRootAsync({ useFactory: () => Promise.reject(missing) });
    await expect(compile({ imports: [failing] })).rejects.toBe(missing);
    const wrong = CentModule.forRootAsync({ useFactory: () => ({ url: "localhost" }) });
    await expect(compile({ imports: [wrong] })).rejects.toThrow("url");
  });
});

describe("the end of an application", () => {
  /** A provider that calls the server in its own hook. */
  class Farewell {
    readonly #cent: CentClient;
    result: Promise<unknown> | undefined;
    constructor(cent: CentClient) {
      this.#cent = cent;
    }
    onApplicationShutdown() {
      this.result = this.#cent.info({}, { timeoutMs: 1 }).catch(String);
    }
  }
  InjectCent()(Farewell, undefined, 0);

  test("close() closes every client, without enableShutdownHooks", async () => {
    const imports = [CentModule.forRoot(options), CentModule.forRoot({ ...options, name: "eu" })];
    const app = await compile({ imports });
    const clients = [app.get<CentClient>(getCentToken()), app.get<CentClient>(getCentToken("eu"))];
    await app.close();
    for (const client of clients) await expect(client.info()).rejects.toThrow(afterClose);
  });

  test.each([true, false])(
    "hooks of other modules still have the client (isGlobal: %s)",
    async (isGlobal) => {
      const transport = { unary: () => new Promise<never>(() => {}), stream: () => Promise.reject() };
      const cent = CentModule.forRoot({ transport, isGlobal });
      const app = await compile({ imports: [cent], providers: [Farewell] });
      await app.close();
      expect(await app.get(Farewell).result).not.toMatch(afterClose);
      await expect(app.get<CentClient>(getCentToken()).info()).rejects.toThrow(afterClose);
    },
  );

  test("close() closes the client that a test provides, and takes a mock without close", async () => {
    const close = vi.fn();
    // Nest 12 logs what a hook throws.
    const logged = vi.spyOn(Logger, "error");
    for (const mock of [{ close }, {}]) {
      const builder = Test.createTestingModule({ imports: [CentModule.forRoot(options), rooms] });
      const app = await builder.overrideProvider(getCentToken()).useValue(mock).compile();
      expect(app.get(Rooms).cent).toBe(mock);
      await app.close();
    }
    expect(close).toHaveBeenCalledOnce();
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });
});
