import type { TextMapSetter } from "@opentelemetry/api";
import { context, diag, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, test, vi } from "vitest";
import { CentDecodeError, CentTimeoutError } from "../../src/index.ts";
import { CallSpans } from "../../src/otel/call-spans.ts";
import { callStatus } from "../../src/otel/outcome.ts";
import { Providers } from "../../src/otel/providers.ts";
import type { CallFacts } from "../../src/tracing/call-trace.ts";
import { CallTrace } from "../../src/tracing/call-trace.ts";
import type { TracedServer } from "../../src/tracing/traced.ts";
import { recordedProviders } from "./recorded-providers.ts";

const server: TracedServer = { transport: "http", address: "centrifugo.test", port: 8000 };
const attributes = {
  "rpc.system.name": "centrifugo",
  "rpc.method": "api/Publish",
  "server.address": "centrifugo.test",
  "server.port": 8000,
};

function setUp({ channels = false } = {}) {
  const recorded = recordedProviders();
  const { tracerProvider, meterProvider } = recorded;
  /** The values that the propagator has written, by the names of the calls' RPCs. */
  const injected: (string | undefined)[] = [];
  const inject = (_context: unknown, call: CallTrace, setter: TextMapSetter) => {
    injected.push(call.rpc);
    setter.set(call, "traceparent", "1");
  };
  const propagator = { inject, extract: () => context.active(), fields: () => [] };
  const spans = new CallSpans(new Providers({ channels, tracerProvider, meterProvider, propagator }));
  const make = (facts: Partial<CallFacts> = {}, of = server) =>
    new CallTrace({ kind: "call", method: "publish", rpc: "api/Publish", ...facts }, of, (given) => given);
  const start = (...given: Parameters<typeof make>) => {
    const call = make(...given);
    spans.start(call);
    return call;
  };
  const succeed = (call: CallTrace) => {
    call.succeed();
    spans.asyncEnd(call);
  };
  return { ...recorded, injected, callSpans: spans, make, start, succeed };
}

describe("the span of a call", () => {
  test("a span has no attributes without a value", () => {
    const { spans, start } = setUp({ channels: true });
    start();
    start({}, { transport: "custom", address: undefined, port: undefined });
    const system = { "rpc.system.name": "centrifugo", "rpc.method": "api/Publish" };
    expect(spans.map(({ options }) => options)).toStrictEqual([
      { kind: SpanKind.CLIENT, attributes, links: [], root: false },
      { kind: SpanKind.CLIENT, attributes: system, links: [], root: false },
    ]);
  });

  test("a span has the numbers of channels and commands, and the channel only when it is asked for", () => {
    const facts = { channel: "chat", channelCount: 2, batchSize: 3 };
    const counts = { "tscent.channel.count": 2, "tscent.batch.size": 3 };
    for (const channels of [true, false]) {
      const { spans, start } = setUp({ channels });
      start(facts);
      const destination = channels && { "messaging.destination.name": "chat" };
      expect(spans[0]?.options.attributes).toStrictEqual({ ...attributes, ...destination, ...counts });
    }
  });

  test("the end of a call sets its outcome, which has no error after a success", () => {
    const { spans, start, succeed, callSpans } = setUp();
    succeed(start());
    const late = start();
    late.fail(new CentTimeoutError("x", { attempts: 2, maybeExecuted: true }));
    late.error = new CentTimeoutError("x");
    callSpans.asyncEnd(late);
    expect(spans.map((span) => [span.attributes, span.status, span.hasEnded])).toStrictEqual([
      [
        [
          ["rpc.status_code", "200"],
          ["tscent.attempts", 0],
        ],
        undefined,
        true,
      ],
      [
        [
          ["error.type", "CentTimeoutError"],
          ["tscent.attempts", 2],
          ["tscent.maybe_executed", true],
        ],
        { code: SpanStatusCode.ERROR, message: "CentTimeoutError" },
        true,
      ],
    ]);
  });

  test("a call that began before the instrumentation has no span at its end", () => {
    const { spans, make, succeed, recordsOf } = setUp();
    succeed(make());
    expect([spans, recordsOf("tscent.client.active_calls")]).toEqual([[], []]);
  });

  test("a header that cannot be sent is a warning of OpenTelemetry", () => {
    const warn = vi.spyOn(diag, "warn");
    const { start } = setUp();
    const call = start();
    expect(call.attempt(undefined)).toEqual({ traceparent: "1" });
    expect(warn).not.toHaveBeenCalled();
    const { make, callSpans } = setUp();
    const refusing = make();
    vi.spyOn(refusing, "setHeader").mockImplementation(() => {
      throw new Error("no header today");
    });
    callSpans.start(refusing);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      "tscent/otel: a header of the propagator cannot be sent: no header today",
    );
    warn.mockRestore();
  });
});

describe("shared requests and runs", () => {
  test("a shared request is a root with links to the calls that have a span", () => {
    const { spans, start, make } = setUp();
    const calls = [start({ rpc: "api/A" }), make(), start({ rpc: "api/B" })];
    start({ kind: "request", rpc: "api/Batch", calls });
    const { root, links } = spans.at(-1)?.options ?? {};
    expect(root).toBe(true);
    expect(links).toMatchObject([{ context: { spanId: "api/A" } }, { context: { spanId: "api/B" } }]);
  });

  test("a request of a run is a child of the run, or a root if the run has no span", () => {
    const { spans, start, make } = setUp();
    const run = start({ kind: "run", method: "publishMany", rpc: undefined });
    start({ kind: "request", parent: run });
    start({ kind: "request", parent: make({ kind: "run" }) });
    expect(spans.map(({ name, options }) => [name, options.kind, options.root])).toEqual([
      ["publishMany", SpanKind.INTERNAL, false],
      ["api/Publish", SpanKind.CLIENT, false],
      ["api/Publish", SpanKind.CLIENT, true],
    ]);
    const parents = spans.map(({ around }) => trace.getSpan(around));
    expect(parents).toEqual([undefined, spans[0], undefined]);
  });

  test("a run has no header, no attempts and no metrics, as its requests have them", () => {
    const { spans, start, succeed, injected, recordsOf, instruments } = setUp();
    succeed(start({ kind: "run", method: "publishMany", rpc: undefined }));
    expect(spans[0]).toMatchObject({ attributes: [], hasEnded: true });
    const { "rpc.system.name": _system, "rpc.method": _method, ...address } = attributes;
    expect(spans[0]?.options.attributes).toStrictEqual(address);
    expect(injected).toEqual([]);
    expect([...instruments.keys()].flatMap(recordsOf)).toEqual([]);
  });
});

describe("the metrics of calls", () => {
  test("a call in flight counts once, and a shared request as its calls", () => {
    const { start, succeed, make, recordsOf } = setUp();
    const call = start();
    const shared = start({ kind: "request", rpc: "api/Batch", calls: [call] });
    const ofRun = start({ kind: "request", rpc: "api/OfRun", parent: make({ kind: "run" }) });
    for (const one of [call, shared, ofRun]) succeed(one);
    const ofRunAttributes = { ...attributes, "rpc.method": "api/OfRun" };
    expect(recordsOf("tscent.client.active_calls")).toStrictEqual([
      [1, attributes],
      [1, ofRunAttributes],
      [-1, attributes],
      [-1, ofRunAttributes],
    ]);
  });

  test("a duration is in seconds, with the outcome that the call has", () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
    const { start, succeed, callSpans, recordsOf } = setUp();
    const [good, bad] = [start(), start()];
    now.mockReturnValue(3_500);
    succeed(good);
    bad.maybeExecuted = true;
    bad.error = "no error object";
    callSpans.asyncEnd(bad);
    now.mockRestore();
    expect(recordsOf("rpc.client.call.duration")).toStrictEqual([
      [2.5, { ...attributes, "rpc.status_code": "200" }],
      [2.5, { ...attributes, "error.type": "_OTHER" }],
    ]);
  });

  test("only repeated requests count as retries, and not for the calls that share them", () => {
    const { start, succeed, make, recordsOf } = setUp();
    for (const attempts of [0, 1, 3]) {
      const call = start();
      call.attempts = attempts;
      succeed(call);
    }
    const sharing = start();
    Object.assign(sharing, { attempts: 5, request: make() });
    succeed(sharing);
    expect(recordsOf("tscent.client.retries")).toStrictEqual([[2, attributes]]);
  });

  test("only batches have a size", () => {
    const { start, recordsOf } = setUp();
    start();
    start({ batchSize: 7 });
    expect(recordsOf("tscent.client.batch.size")).toStrictEqual([[7, attributes]]);
  });
});

test("over gRPC only Centrifugo's own error leaves the status of the reply", () => {
  const call = { transport: "grpc", status: "INTERNAL", error: new CentDecodeError("x") } as const;
  expect(callStatus(call as never)).toBe("INTERNAL");
});
