import type { TextMapGetter } from "@opentelemetry/api";
import { context, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { expect, test, vi } from "vitest";
import { Providers } from "../../src/otel/providers.ts";
import { ProxySpans } from "../../src/otel/proxy-spans.ts";
import type { TracedProxyRequest } from "../../src/tracing/traced.ts";
import { recordedProviders } from "./recorded-providers.ts";

const attributes = { "rpc.system.name": "centrifugo", "rpc.method": "proxy/Publish" };

function setUp(channels = false) {
  const recorded = recordedProviders();
  const { tracerProvider, meterProvider } = recorded;
  const keys: string[][] = [];
  const extract = (_context: unknown, request: unknown, getter: TextMapGetter) => {
    keys.push(getter.keys(request));
    return context.active();
  };
  const propagator = { inject() {}, extract, fields: () => [] };
  const spans = new ProxySpans(new Providers({ channels, tracerProvider, meterProvider, propagator }));
  const make = (facts: Partial<TracedProxyRequest> = {}) =>
    ({ rpc: "proxy/Publish", transport: "http", wrap() {}, ...facts }) as TracedProxyRequest;
  const start = (facts?: Partial<TracedProxyRequest>) => {
    const request = make(facts);
    spans.start(request);
    return request;
  };
  return { ...recorded, keys, proxySpans: spans, make, start };
}

test("a span has the channel only when it is asked for and there is one", () => {
  for (const [channels, channel, expected] of [
    [false, "chat", {}],
    [true, undefined, {}],
    [true, "chat", { "messaging.destination.name": "chat" }],
  ] as const) {
    const { spans, start, keys } = setUp(channels);
    start({ channel });
    expect(spans[0]?.options).toStrictEqual({
      kind: SpanKind.SERVER,
      attributes: { ...attributes, ...expected },
    });
    // A request does not tell all its headers.
    expect(keys).toEqual([[]]);
  }
});

test("the end of a request sets its outcome, and a code if it has one", () => {
  const { spans, start, proxySpans } = setUp();
  proxySpans.asyncEnd(start());
  proxySpans.asyncEnd(start({ outcome: "result" }));
  proxySpans.asyncEnd(start({ outcome: "error", code: 1001 }));
  expect(spans.map((span) => span.attributes)).toEqual([
    [],
    [["tscent.proxy.outcome", "result"]],
    [
      ["tscent.proxy.outcome", "error"],
      ["tscent.proxy.code", 1001],
    ],
  ]);
  expect(spans.every(({ hasEnded }) => hasEnded)).toBe(true);
});

test("a duration is in seconds, and that of a failed request has the name of the error", () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
  const { spans, start, proxySpans, recordsOf } = setUp();
  const [good, bad] = [start(), start({ error: new RangeError("x") })];
  now.mockReturnValue(3_500);
  proxySpans.asyncEnd(good);
  proxySpans.error(bad);
  proxySpans.asyncEnd(bad);
  now.mockRestore();
  expect(recordsOf("rpc.server.call.duration")).toStrictEqual([
    [2.5, attributes],
    [2.5, { ...attributes, "error.type": "RangeError" }],
  ]);
  expect(spans[1]?.status).toEqual({ code: SpanStatusCode.ERROR, message: "RangeError" });
});

test("a request that began before the instrumentation has no span", () => {
  const { spans, make, proxySpans, recordsOf } = setUp();
  proxySpans.error(make({ error: new Error("x") }));
  proxySpans.asyncEnd(make());
  expect([spans, recordsOf("rpc.server.call.duration")]).toEqual([[], []]);
});
