import type { CanActivate, ExecutionContext, INestApplication, Type } from "@nestjs/common";
import { Injectable, SetMetadata } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import { afterEach, describe, expect, test } from "vitest";
import { createProxyController } from "../../src/nestjs/index.ts";
import { createProxy } from "../../src/proxy/index.ts";

const secret = "s3cret";
const headers = { "x-centrifugo-secret": secret, "content-type": "application/json" };

class Users {
  nameOf = async (user: string) => `name of ${user}`;
}

/** As an `@Injectable()` class whose constructor takes `Users`. */
class ChatProxy {
  readonly node: ReturnType<typeof createProxy>["node"];
  constructor(users: Users) {
    this.node = createProxy({
      secret,
      onError: () => {},
      int64: "bigint",
      rpc: { "*": async ({ user, data }) => ({ data: [await users.nameOf(user), data] }) },
      sharedPollRefresh: { "*": ({ items }) => ({ items: items.map((item) => ({ ...item, data: 1 })) }) },
    }).node;
  }
}
Reflect.defineMetadata("design:paramtypes", [Users], ChatProxy);
Injectable()(ChatProxy);

const apps: INestApplication[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

const adapters = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

interface Serving {
  readonly rawBody?: boolean;
  readonly controller?: Type<object>;
  readonly providers?: object[];
}

/** Starts an application, and gives the function that posts to it as Centrifugo does. */
async function serve(
  name: keyof typeof adapters,
  { rawBody = false, controller, providers = [] }: Serving = {},
) {
  const controllers = [controller ?? createProxyController("centrifugo", ChatProxy)];
  const metadata = { controllers, providers: [Users, ChatProxy, ...(providers as Type[])] };
  const module = await Test.createTestingModule(metadata).compile();
  const app = module.createNestApplication(adapters[name](), { rawBody, logger: false });
  apps.push(app);
  app.setGlobalPrefix("api");
  await app.listen(0, "127.0.0.1");
  return async (body: string, given: object = headers, event = "rpc") => {
    const url = `${await app.getUrl()}/api/centrifugo/${event}`;
    const response = await fetch(url, { method: "POST", headers: { ...given }, body });
    return [response.status, await response.text()];
  };
}

const request = '{"client":"c","user":"42","method":"m","data":{"a":1}}';
const big = '{"channel":"poll","items":[{"key":"k","version":9007199254740993}]}';

describe.each(["express", "fastify"] as const)("a proxy controller on %s", (name) => {
  test("a handler answers Centrifugo, with the providers that its class asks for", async () => {
    const post = await serve(name);
    expect(await post(request)).toEqual([200, '{"result":{"data":["name of 42",{"a":1}]}}']);
  });

  test("a request without the secret, of another event or without JSON gets a status of its own", async () => {
    const post = await serve(name);
    const { "x-centrifugo-secret": _, ...stranger } = headers;
    expect(await post(request, stranger)).toEqual([401, ""]);
    expect(await post(request, headers, "other")).toEqual([404, "no such event"]);
    expect((await post("{"))[0]).toBe(400);
  });

  test("an integer that Nest's parser rounds is refused, and read exactly from the raw body", async () => {
    const rounding = await serve(name);
    expect((await rounding(big, headers, "shared_poll_refresh"))[0]).toBe(400);
    const exact = await serve(name, { rawBody: true });
    const [status, text] = await exact(big, headers, "shared_poll_refresh");
    expect([status, text]).toEqual([200, expect.stringContaining('"version":9007199254740993')]);
  });

  test("a subclass has decorators, which guards of the application obey", async () => {
    class Guard implements CanActivate {
      canActivate = (context: ExecutionContext) =>
        Reflect.getMetadata("isPublic", context.getClass()) === true;
    }
    const providers = [{ provide: APP_GUARD, useClass: Guard }];
    expect((await (await serve(name, { providers }))(request))[0]).toBe(403);
    class ChatController extends createProxyController("centrifugo", ChatProxy) {}
    SetMetadata("isPublic", true)(ChatController);
    expect((await (await serve(name, { providers, controller: ChatController }))(request))[0]).toBe(200);
  });
});

test("a factory may give the proxy, under a token", async () => {
  const provider = {
    provide: "proxy",
    inject: [Users],
    useFactory: (users: Users) =>
      createProxy({ secret, rpc: { m: async ({ user }) => ({ data: await users.nameOf(user) }) } }),
  };
  const controller = createProxyController("centrifugo", "proxy");
  const post = await serve("express", { controller, providers: [provider] });
  expect(await post(request)).toEqual([200, '{"result":{"data":"name of 42"}}']);
});

test("an application does not start with a provider that gives no proxy, or without the provider", async () => {
  const controllers = [createProxyController("centrifugo", "proxy")];
  const builder = Test.createTestingModule({ controllers, providers: [{ provide: "proxy", useValue: {} }] });
  await expect(builder.compile()).rejects.toThrow(
    new TypeError("createProxyController: the provider for centrifugo gives no proxy of createProxy"),
  );
  await expect(Test.createTestingModule({ controllers }).compile()).rejects.toThrow('"proxy" at index [0]');
});
