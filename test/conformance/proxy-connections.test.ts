import type { Options } from "centrifuge";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ProxyOptions } from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";
import type { ProxiedCentrifugo } from "./proxied-centrifugo.ts";
import { obstacle, startProxied, titleOf } from "./proxied-centrifugo.ts";
import { transports } from "./servers.ts";
import { connectTo } from "./watched-client.ts";

interface Handlers {
  connect: NonNullable<ProxyOptions["connect"]>;
  refresh: NonNullable<ProxyOptions["refresh"]>;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

describe.skipIf(obstacle !== "").each(transports)(
  titleOf("connections and a real Centrifugo over %s"),
  (transport) => {
    let server: ProxiedCentrifugo;
    /** The handlers of the test that runs. */
    let on: Handlers;
    const errors: string[] = [];
    const clients: ReturnType<typeof connectTo>[] = [];
    const proxy = createProxy({
      secret: ["the-new-secret", "the-old-secret"],
      onError: (error) => errors.push(String(error)),
      connect: (request, context) => on.connect(request, context),
      refresh: (request, context) => on.refresh(request, context),
      subscribe: { "*": () => ({}) },
    });
    const connect = (options?: Partial<Options>) => {
      const client = connectTo(server.webSocketUrl, options);
      clients.push(client);
      return client;
    };

    beforeAll(async () => {
      server = await startProxied(proxy, transport, {}, { emulatedHeaders: ["X-Token"] });
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    beforeEach(() => {
      on = { connect: () => ({ user: "42" }), refresh: () => undefined };
      errors.length = 0;
    });
    afterEach(() => {
      for (const client of clients.splice(0)) client.of.disconnect();
    });

    test("a client connects as the user of the answer, with data and subscriptions", async () => {
      const seen: unknown[] = [];
      on.connect = (request, { headers }) => {
        seen.push(request, headers.get("x-token"));
        return { user: "42", data: { hello: "Ann" }, subs: { news: { data: [1] } }, info: { name: "Ann" } };
      };
      const client = connect({ data: { pass: "word" }, name: "web", headers: { "X-Token": "t" } });
      const isSubscribed = new Promise((resolve) => client.of.on("subscribed", resolve));
      await client.sees("connected", { data: { hello: "Ann" } });
      expect(await isSubscribed).toMatchObject({ channel: "news", data: [1] });
      expect(seen).toEqual([
        expect.objectContaining({ transport: "websocket", name: "web", data: { pass: "word" } }),
        "t",
      ]);
    });

    test.each<[string, Handlers["connect"], string, object]>([
      [
        "deny()",
        () => deny("not today", { code: 1999 }),
        "disconnected",
        { code: 1999, reason: "not today" },
      ],
      ["nothing", () => undefined, "disconnected", { code: 403, reason: "permission denied" }],
      ["an empty user", () => ({ user: "" }), "disconnected", { code: 403 }],
      [
        "deny() for now",
        () => deny("later", { temporary: true }),
        "error",
        { type: "connect", error: { code: 403, message: "later", temporary: true } },
      ],
      ["disconnect()", () => disconnect(4500, "banned"), "disconnected", { code: 4500, reason: "banned" }],
      [
        "a reason of 123 bytes",
        () => disconnect(4999, "ü".repeat(61)),
        "disconnected",
        { code: 4999, reason: "ü".repeat(61) },
      ],
    ])("a client sees its refusal by %s", async (_how, handler, event, context) => {
      on.connect = handler;
      await connect().sees(event, context);
      expect(errors).toEqual([]);
    });

    test.each<[string, Handlers["connect"], string]>([
      [
        "throws",
        () => {
          throw new Error("detail");
        },
        "Error: detail",
      ],
      [
        "has a null subscription, which would end the whole server",
        () => ({ user: "42", subs: { news: null as never } }),
        "TypeError: connect: subs.news: expected an object, got null",
      ],
      [
        "answers milliseconds",
        () => ({ user: "42", expireAt: Date.now() }),
        "TypeError: connect: expireAt: expected a Date or Unix seconds",
      ],
    ])("a handler that %s makes clients try again until it works", async (_how, handler, reason) => {
      on.connect = handler;
      const client = connect();
      const error = { code: 100, message: "internal server error", temporary: true };
      await client.sees("error", { type: "connect", error });
      on.connect = () => ({ user: "42" });
      await client.sees("connected");
      expect(errors).toEqual(expect.arrayContaining([expect.stringContaining(reason)]));
    });

    test("a handler that hangs is left after a second: its signal aborts, and the client tries again", async () => {
      let signalled: AbortSignal | undefined;
      on.connect = (_request, { signal }) => {
        signalled = signal;
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
      };
      const client = connect();
      await client.sees("error", {
        type: "connect",
        error: { code: 100, message: "internal server error", temporary: true },
      });
      expect(signalled?.aborted).toBe(true);
      on.connect = () => ({ user: "42" });
      await client.sees("connected");
    });

    test("anonymous: true lets a client in without a name", async () => {
      on.connect = () => ({ anonymous: true });
      await connect().sees("connected");
    });

    test("a connection goes on as long as refresh prolongs it, and knows what connect remembered", async () => {
      on.connect = () => ({ user: "42", expireAt: inSeconds(2), meta: { n: 1 } });
      const metas: unknown[] = [];
      on.refresh = ({ user, meta }) => {
        metas.push([user, meta]);
        return metas.length === 3 ? expired() : { expireAt: inSeconds(2), meta: { n: 2 } };
      };
      const client = connect();
      await client.sees("connecting", { code: 3005, reason: "connection expired" }, 15_000);
      expect(metas).toEqual([
        ["42", { n: 1 }],
        ["42", { n: 2 }],
        ["42", { n: 2 }],
      ]);
    });

    test.each<[string, Handlers["refresh"]]>([
      ["nothing", () => undefined],
      ["deny()", () => deny() as never],
      ["a result without a time", () => ({ info: 1 }) as never],
    ])("a refresh that gives %s ends the connection", async (_what, handler) => {
      on.connect = () => ({ user: "42", expireAt: inSeconds(2) });
      on.refresh = handler;
      await connect().sees("connecting", { code: 3005 }, 10_000);
      expect(errors).toEqual([]);
    });

    test("a refresh that fails disconnects nobody", async () => {
      on.connect = () => ({ user: "42", expireAt: inSeconds(1.5) });
      on.refresh = () => {
        throw new Error("the database is away");
      };
      const client = connect();
      await client.sees("connected");
      await expect.poll(() => errors, { timeout: 5_000 }).toEqual(["Error: the database is away"]);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(client.events.map(([name]) => name)).toEqual(["connecting", "connected"]);
    });
  },
);
