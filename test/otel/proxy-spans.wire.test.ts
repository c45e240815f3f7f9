import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, test } from "vitest";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import type { TracedProxyRequest } from "../../src/index.ts";
import type { CentProxy } from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { setUpOtel } from "../harness/otel-set-up.ts";
import { protocols } from "../harness/scripted-server.ts";
import { serve, text, utf8 } from "../proxy/serve-grpc.ts";

const service = "centrifugal.centrifugo.proxy.CentrifugoProxy";
const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const request = { client: "c1", user: "42", channel: "chat:1", data: { text: "a secret of the user" } };

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Listens until the test ends. */
function listenToRequests(onStart: (traced: TracedProxyRequest) => void = () => {}) {
  const channel = tracingChannel<unknown, TracedProxyRequest>("tscent.proxy");
  const seen: TracedProxyRequest[] = [];
  const start = (traced: TracedProxyRequest) => {
    seen.push(traced);
    onStart(traced);
  };
  channel.start.subscribe(start as never);
  stops.push(() => channel.start.unsubscribe(start as never));
  return seen;
}

/** Asks the proxy about a publication. */
async function askToPublish(protocol: string, proxy: CentProxy): Promise<unknown> {
  if (protocol === "http") {
    const headers = { traceparent, cookie: "session=1", "content-type": "application/json" };
    const body = JSON.stringify(request);
    const response = await proxy.fetch(new Request("http://app/publish", { method: "POST", headers, body }));
    return response.text();
  }
  const client = await serve(proxy, [
    ["traceparent", traceparent],
    ["cookie", "session=1"],
  ]);
  return client.call(CentrifugoProxy.method.publish, { ...request, data: utf8(request.data) });
}

const proxyOf = (handler: (asked: { channel: string }) => unknown) =>
  createProxy({ secret: false, onError() {}, publish: { "chat:*": handler as never } });

describe.each(protocols)("a request to a handler over %s", (protocol) => {
  test("a handler runs in a SERVER span that continues Centrifugo's trace, as the parent of its calls", async () => {
    await using otel = setUpOtel();
    const { client } = createTestClient();
    await askToPublish(
      protocol,
      proxyOf(async ({ channel }) => {
        await client.publish({ channel: channel.replace(":", "_"), data: 1 });
        return {};
      }),
    );
    const span = otel.spanOf(`${service}/Publish`);
    expect(span).toMatchObject({ kind: SpanKind.SERVER, status: { code: SpanStatusCode.UNSET } });
    expect(span.parentSpanContext).toMatchObject({ traceId, spanId: "b7ad6b7169203331", isRemote: true });
    expect(span.attributes).toEqual({
      "rpc.system.name": protocol === "http" ? "centrifugo" : "grpc",
      "rpc.method": `${service}/Publish`,
      "tscent.proxy.outcome": "result",
    });
    const call = otel.spanOf("centrifugal.centrifugo.api.CentrifugoApi/Publish");
    expect(call.parentSpanContext?.spanId).toBe(span.spanContext().spanId);
    expect([...(await otel.metrics()).keys()]).toContain("rpc.server.call.duration");
  });

  test("a refusal is an outcome with its code, returned or thrown, and no error", async () => {
    await using otel = setUpOtel();
    await askToPublish(
      protocol,
      proxyOf(() => deny("no", { code: 1001 })),
    );
    await askToPublish(
      protocol,
      proxyOf(() => {
        throw disconnect(4501, "go");
      }),
    );
    expect(
      otel
        .spans()
        .map(({ attributes }) => [attributes["tscent.proxy.outcome"], attributes["tscent.proxy.code"]]),
    ).toEqual([
      ["error", 1001],
      ["disconnect", 4501],
    ]);
    for (const { status } of otel.spans()) expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  test.each([
    ["a handler that fails", () => Promise.reject(new RangeError("with data of the user")), "RangeError"],
    ["a result that must not be sent", () => ({ reslt: 1 }), "PathError"],
  ])("%s is a failed span without the message", async (_name, handler, type) => {
    await using otel = setUpOtel();
    await askToPublish(protocol, proxyOf(handler));
    const [span] = otel.spans();
    expect(span?.attributes).toMatchObject({ "error.type": type });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: type });
    expect(JSON.stringify([span?.attributes, span?.events])).not.toContain("with data");
  });

  test("a context has the event and its channel, and neither data nor headers with secrets", async () => {
    const read: unknown[] = [];
    const seen = listenToRequests((traced) => {
      read.push(...["traceparent", "cookie", "authorization"].map((name) => traced.getHeader(name)));
    });
    await askToPublish(
      protocol,
      proxyOf(() => ({})),
    );
    expect(read).toEqual([traceparent, undefined, undefined]);
    expect(seen).toMatchObject([
      {
        event: "publish",
        rpc: `${service}/Publish`,
        transport: protocol,
        channel: "chat:1",
        method: undefined,
        outcome: "result",
      },
    ]);
    const [traced] = seen;
    expect(inspect(traced, { depth: 10, showHidden: true })).not.toContain("a secret of the user");
    expect(() => traced?.getHeader("traceparent")).toThrow("during its `start` event only");
  });
});

describe("a stream", () => {
  const opening = { ...request, data: utf8(request.data) };

  test("the span of a stream ends with it, and its handler goes on within the span", async () => {
    await using otel = setUpOtel();
    const ids: unknown[] = [];
    const proxy = createProxy({
      secret: false,
      subscribeUnidirectional: {
        "chat:*": async function* () {
          ids.push(trace.getActiveSpan()?.spanContext().spanId);
          yield {};
          await new Promise((resolve) => setTimeout(resolve, 20));
          ids.push(trace.getActiveSpan()?.spanContext().spanId);
          expect(otel.spans()).toEqual([]);
          yield { data: 1 };
          ids.push(trace.getActiveSpan()?.spanContext().spanId);
        },
      },
    });
    const client = await serve(proxy, [["traceparent", traceparent]]);
    const received: unknown[] = [];
    for await (const message of client.unidirectional(opening)) received.push(message);
    const span = otel.spanOf(`${service}/SubscribeUnidirectional`);
    expect(text((received[1] as { publication: { data: Uint8Array } }).publication.data)).toBe("1");
    const { spanId } = span.spanContext();
    expect(ids).toEqual([spanId, spanId, spanId]);
    expect(span.parentSpanContext?.traceId).toBe(traceId);
    expect(span).toMatchObject({ kind: SpanKind.SERVER, status: { code: SpanStatusCode.UNSET } });
  });

  test("the span of a stream ends when the client leaves", async () => {
    await using otel = setUpOtel();
    const proxy = createProxy({
      secret: false,
      subscribeUnidirectional: {
        "chat:*": async function* () {
          yield {};
          await new Promise(() => {});
        },
      },
    });
    const client = await serve(proxy);
    const call = client.unidirectional(opening);
    call.on("error", () => {});
    await new Promise((resolve) => call.once("data", resolve));
    expect(otel.spans()).toEqual([]);
    call.cancel();
    await expect.poll(() => otel.spans().length).toBe(1);
    expect(otel.spans()[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  test("a value of a stream that must not be sent is a failed span", async () => {
    await using otel = setUpOtel();
    const proxy = createProxy({
      secret: false,
      onError() {},
      subscribeUnidirectional: {
        "chat:*": async function* () {
          yield {};
          yield { dta: 1 } as never;
        },
      },
    });
    const client = await serve(proxy);
    const all = async () => {
      for await (const _ of client.unidirectional(opening));
    };
    await rejection(all());
    const span = otel.spanOf(`${service}/SubscribeUnidirectional`);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: "PathError" });
  });

  test("a handler of a stream runs in the stores that are bound to the start of requests", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const proxy = createProxy({
      secret: false,
      subscribeUnidirectional: {
        "chat:*": async function* () {
          seen.push(store.getStore());
          yield {};
          seen.push(store.getStore());
        },
      },
    });
    const { start } = tracingChannel<string, TracedProxyRequest>("tscent.proxy");
    start.bindStore(store, ({ event }) => event);
    stops.push(() => start.unbindStore(store));
    const client = await serve(proxy);
    for await (const _ of client.unidirectional(opening));
    expect(seen).toEqual(["subscribeUnidirectional", "subscribeUnidirectional"]);
  });

  test("a stream that fails is a failed span, and one that refuses by an error is none", async () => {
    await using otel = setUpOtel();
    const failing = (thrown: unknown) =>
      createProxy({
        secret: false,
        onError() {},
        subscribeUnidirectional: {
          // biome-ignore lint/correctness/useYield: the handler fails before its decision
          "chat:*": async function* () {
            throw thrown;
          },
        },
      });
    for (const thrown of [new RangeError("x"), deny()]) {
      const client = await serve(failing(thrown));
      const all = async () => {
        for await (const _ of client.unidirectional(opening));
      };
      if (thrown instanceof Error) await rejection(all());
      else await all();
    }
    expect(otel.spans().map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
  });
});
