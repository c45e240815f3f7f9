import type { RequestListener } from "node:http";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describe, expectTypeOf, test } from "vitest";
import type {
  ConnectRequest,
  EventRequests,
  EventResults,
  NotifyChannelStateRequestBigint,
  ProxyOptions,
  Publication,
  SharedPollRefreshRequest,
  SharedPollRefreshRequestBigint,
  SubscribeRequest,
  SubscribeResult,
} from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";

const secret = "s";
/** As `process.env` has it. */
declare const fromEnvironment: string | undefined;
declare const anyCode: number;

describe("handlers", () => {
  test("handlers know their requests and contexts", () => {
    createProxy({
      secret: fromEnvironment,
      connect: async (request, { headers, signal }) => {
        expectTypeOf(request).toEqualTypeOf<ConnectRequest>();
        expectTypeOf(request.data).toBeUnknown();
        expectTypeOf(request.channels).toEqualTypeOf<string[]>();
        expectTypeOf(headers).toEqualTypeOf<Headers>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return { user: "42", expireAt: new Date(), subs: { news: { override: { presence: true } } } };
      },
      subscribe: {
        "chat:*": async (request) => {
          expectTypeOf(request).toEqualTypeOf<SubscribeRequest>();
          return request.user === "" ? deny() : { expireAt: 1_900_000_000n };
        },
      },
      refresh: ({ user }) => (user === "42" ? { expireAt: 1 } : expired()),
      subRefresh: { "*": () => undefined },
      publish: { "*": ({ data }) => ({ data, tags: { a: "b" } }) },
      rpc: { "*": ({ method }) => method === "m" && { data: 1 } },
      sharedPollRefresh: {
        "*": (request) => {
          expectTypeOf(request).toEqualTypeOf<SharedPollRefreshRequest>();
          return { items: request.items.map(({ key, version }) => ({ key, version: version + 1, data: 1 })) };
        },
      },
      subscribeUnidirectional: {
        "ticks:*": async function* ({ channel }, { signal }) {
          expectTypeOf(channel).toBeString();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          yield { expireAt: 1, data: 1 };
          yield { data: 2, tags: {} };
        },
      },
      subscribeBidirectional: {
        "chat:*": async function* (_request, { publications }) {
          yield deny();
          for await (const publication of publications) {
            expectTypeOf(publication).toEqualTypeOf<Publication>();
            yield { data: publication.data };
          }
        },
      },
    });
  });

  test("int64: bigint gives bigints", () => {
    createProxy({
      secret,
      int64: "bigint",
      sharedPollRefresh: {
        "*": (request) => {
          expectTypeOf(request).toEqualTypeOf<SharedPollRefreshRequestBigint>();
          return { items: request.items };
        },
      },
      notifyChannelState: (request) => {
        expectTypeOf(request).toEqualTypeOf<NotifyChannelStateRequestBigint>();
      },
    });
  });

  test("handlers give results of their events only", () => {
    // @ts-expect-error the secret is required
    createProxy({});
    // @ts-expect-error nobody is named
    createProxy({ secret, connect: () => ({}) });
    // @ts-expect-error nobody is named
    createProxy({ secret, connect: async () => ({ info: 1 }) });
    // @ts-expect-error a number is no user
    createProxy({ secret, connect: () => ({ user: 42 }) });
    createProxy({ secret, connect: () => ({ anonymous: true, info: 1 }) });
    // @ts-expect-error without a time
    createProxy({ secret, refresh: () => ({ info: 1 }) });
    // @ts-expect-error Centrifugo ignores an error here
    createProxy({ secret, refresh: () => deny() });
    // @ts-expect-error nothing to end here
    createProxy({ secret, subscribe: { "*": () => expired() } });
    // @ts-expect-error the response has no disconnect
    createProxy({ secret, sharedPollRefresh: { "*": () => disconnect(4500, "x") } });
    // @ts-expect-error the response has no error
    createProxy({ secret, notifyCacheEmpty: { "*": () => deny() } });
    // @ts-expect-error a null message would end Centrifugo
    createProxy({ secret, connect: () => ({ user: "1", subs: { news: null } }) });
    // @ts-expect-error a bare function has no channels
    createProxy({ secret, subscribe: () => ({}) });
    // @ts-expect-error a misspelt event
    createProxy({ secret, subscirbe: {} });
  });

  test("events have types by name", () => {
    expectTypeOf<EventRequests["subscribe"]>().toEqualTypeOf<SubscribeRequest>();
    expectTypeOf<EventResults["subscribe"]>().toEqualTypeOf<SubscribeResult>();
    expectTypeOf<keyof EventRequests>().toEqualTypeOf<keyof EventResults>();
    expectTypeOf<ProxyOptions["secret"]>().toEqualTypeOf<string | readonly string[] | false | undefined>();
  });
});

describe("refusals", () => {
  test("codes that are literals are checked", () => {
    deny();
    deny("no", { code: 400 });
    deny("no", { code: 1999, temporary: true });
    deny("no", { code: anyCode });
    // @ts-expect-error below the range
    deny("no", { code: 399 });
    // @ts-expect-error above the range
    deny("no", { code: 2000 });
    // @ts-expect-error a fraction
    deny("no", { code: 403.5 });
    disconnect(4000, "x");
    disconnect(4999, "x");
    disconnect(anyCode, "x");
    // @ts-expect-error below the range
    disconnect(3501, "x");
    // @ts-expect-error above the range
    disconnect(5000, "x");
    const n31 = "1234567890123456789012345678901" as const;
    disconnect(4000, `${n31}${n31}${n31}123456789012345678901234567890` as const);
    disconnect(4000, fromEnvironment ?? "");
    // @ts-expect-error 124 characters
    disconnect(4000, `${n31}${n31}${n31}${n31}` as const);
    // @ts-expect-error the reason is required
    disconnect(4000);
  });
});

test("a proxy suits the servers of Node.js, Connect and Fetch", () => {
  const proxy = createProxy({ secret });
  const listener: RequestListener = proxy.node;
  connectNodeAdapter({ routes: proxy.routes });
  const route: (request: Request) => Promise<Response> = proxy.fetch;
  // @ts-expect-error the URL is required
  const config = () => proxy.config({});
  return [listener, route, config];
});
