import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import type { ClientOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions, config } from "../harness/batching-set-up.ts";
import { rejection } from "../harness/expected-error.ts";
import { setUpOtel, traceparentOf } from "../harness/otel-set-up.ts";
import { quick } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";

const api = "centrifugal.centrifugo.api.CentrifugoApi";
const publication = { channel: "chat", data: { text: "a secret of the application" } };

describe.each(protocols)("spans of calls over %s", (protocol) => {
  const start = async (options: Partial<ClientOptions> = {}) => {
    const server = await startTestServer({ config });
    const cent = createClient({ ...clientOptions(protocol, server), ...options });
    const { port } = new URL(protocol === "http" ? server.httpUrl : server.grpcUrl);
    return {
      server,
      cent,
      attributes: {
        "rpc.system.name": protocol === "http" ? "centrifugo" : "grpc",
        "server.address": "127.0.0.1",
        "server.port": Number(port),
      },
      async [Symbol.asyncDispose]() {
        await server.close();
        await cent.close();
      },
    };
  };
  const status = (http: string | undefined, grpc: string) => (protocol === "http" ? http : grpc);

  test("a call is a CLIENT span with the names of the RPC conventions", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    await set.cent.publish(publication);
    const [span, ...others] = otel.spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      name: `${api}/Publish`,
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
    });
    expect(span?.attributes).toEqual({
      ...set.attributes,
      "rpc.method": `${api}/Publish`,
      "rpc.status_code": status("200", "OK"),
      "tscent.attempts": 1,
    });
    expect(span?.instrumentationScope).toMatchObject({ name: "tscent", version: expect.any(String) });
  });

  test("a span has the channel only when it is asked for", async () => {
    await using otel = setUpOtel({ channels: true });
    await using set = await start();
    await set.cent.publish(publication);
    expect(otel.spans()[0]?.attributes["messaging.destination.name"]).toBe("chat");
  });

  test("the trace goes out with the call, and its baggage", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    const baggage = propagation.createBaggage({ tenant: { value: "7" } });
    await context.with(propagation.setBaggage(context.active(), baggage), () =>
      set.cent.publish(publication),
    );
    const [span] = otel.spans();
    expect(set.server.calls[0]?.headers).toMatchObject({
      traceparent: span && traceparentOf(span),
      baggage: "tenant=7",
    });
  });

  test("a call is a child of the span around it, and what the call runs is a child of the call", async () => {
    const tracer = trace.getTracer("test");
    await using otel = setUpOtel();
    await using set = await start({
      apiKey: async () => {
        tracer.startSpan("key").end();
        return "api_key";
      },
    });
    await tracer.startActiveSpan("request", async (span) => {
      await set.cent.publish(publication);
      span.end();
    });
    const call = otel.spanOf(`${api}/Publish`);
    expect(call.parentSpanContext?.spanId).toBe(otel.spanOf("request").spanContext().spanId);
    expect(otel.spanOf("key").parentSpanContext?.spanId).toBe(call.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test("a call that is repeated is one span, with the same traceparent in each attempt", async () => {
    await using otel = setUpOtel();
    await using set = await start({ retry: quick });
    set.server.fail("history", { code: 100 }, { times: 2 });
    await set.cent.history({ channel: "chat" });
    const span = otel.spanOf(`${api}/History`);
    expect(otel.spans()).toHaveLength(1);
    expect(span.attributes).toMatchObject({ "tscent.attempts": 3, "rpc.status_code": status("200", "OK") });
    const sent = set.server.calls.map(({ headers }) => headers.traceparent);
    expect(sent).toEqual([traceparentOf(span), traceparentOf(span), traceparentOf(span)]);
  });

  test("an error of Centrifugo has its code as error.type, and is OK for gRPC", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    await rejection(set.cent.publish({ channel: "unknown:x", data: 1 }));
    const [span] = otel.spans();
    expect(span?.attributes).toMatchObject({
      "rpc.status_code": status("102", "OK"),
      "error.type": "102",
      "tscent.maybe_executed": false,
    });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "CentApiResponseError" });
  });

  test("Centrifugo's error in a status of gRPC leaves that status", async () => {
    await using otel = setUpOtel();
    await using set = await start({ headers: { "x-centrifugo-error-mode": "transport" } });
    await rejection(set.cent.publish({ channel: "unknown:x", data: 1 }));
    const { attributes } = otel.spanOf(`${api}/Publish`);
    expect(attributes["error.type"]).toBe("102");
    expect(attributes["rpc.status_code"]).toEqual(
      protocol === "http" ? "102" : expect.stringMatching(/^(?!OK)[A-Z_]+$/),
    );
  });

  test("a failed call has the server's status as error.type", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    set.server.fail("publish", { status: 503, grpcStatus: 14 });
    await rejection(set.cent.publish(publication));
    const expected = status("503", "UNAVAILABLE");
    expect(otel.spans()[0]?.attributes).toMatchObject({
      "rpc.status_code": expected,
      "error.type": expected,
    });
  });

  test("a late call, an aborted call and a call without a connection have the reason as error.type", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    set.server.fail("publish", { delayMs: 60_000 }, { times: "always" });
    await rejection(set.cent.publish(publication, { timeoutMs: 20 }));
    await rejection(set.cent.publish(publication, { signal: AbortSignal.timeout(20) }));
    await set.server.close();
    await rejection(set.cent.publish(publication));
    expect(otel.spans().map(({ attributes }) => attributes["error.type"])).toEqual([
      status("CentTimeoutError", "DEADLINE_EXCEEDED"),
      status("TimeoutError", "CANCELLED"),
      status("CentNetworkError", "UNAVAILABLE"),
    ]);
    for (const { attributes } of otel.spans())
      if (protocol === "http") expect(attributes["rpc.status_code"]).toBeUndefined();
  });

  test("a call that is refused before it is sent is a failed span without an attempt", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    await rejection(set.cent.publish({ channel: "chat" } as never));
    expect(otel.spans()[0]?.attributes).toMatchObject({
      "error.type": "CentRequestError",
      "tscent.attempts": 0,
      "tscent.maybe_executed": false,
    });
    expect(set.server.calls).toEqual([]);
  });

  test("no span shows data, keys or the channel", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    await set.cent.publish({ channel: "private_7", data: publication.data });
    await rejection(set.cent.publish({ channel: "unknown:private_7", data: publication.data }));
    const shown = JSON.stringify(
      otel.spans().map(({ name, attributes, status, events }) => [name, attributes, status, events]),
    );
    expect(shown).not.toMatch(/private_7|a secret of the application|api_key/);
  });

  test("a shared request is a span of its own, with links to its calls", async () => {
    await using otel = setUpOtel();
    await using set = await start({ batching: { maxCommands: 200, inFlight: 1 } });
    const tracer = trace.getTracer("test");
    await tracer.startActiveSpan("request", async (span) => {
      await Promise.all(
        Array.from({ length: 150 }, (_, n) => set.cent.publish({ channel: `c${n}`, data: n })),
      );
      span.end();
    });
    const shared = otel.spanOf(`${api}/Batch`);
    const calls = otel.spans().filter(({ name }) => name === `${api}/Publish`);
    expect(calls).toHaveLength(150);
    expect(shared).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: undefined });
    expect(shared.attributes).toMatchObject({ ...set.attributes, "tscent.batch.size": 150 });
    const linked = shared.links.map(({ context }) => context.spanId);
    expect(linked).toHaveLength(128);
    const ids = calls.map((call) => call.spanContext().spanId);
    expect(linked.every((id) => ids.includes(id))).toBe(true);
    expect(set.server.calls.map(({ headers }) => headers.traceparent)).toEqual([traceparentOf(shared)]);
    const around = otel.spanOf("request").spanContext().spanId;
    expect(calls.every(({ parentSpanContext }) => parentSpanContext?.spanId === around)).toBe(true);
  });

  test("a run is one span, with a child for each of its requests", async () => {
    await using otel = setUpOtel();
    await using set = await start();
    const publications = Array.from({ length: 250 }, (_, n) => ({ channel: `c${n}`, data: n }));
    await set.cent.publishMany(publications, { maxCommands: 100 });
    const run = otel.spanOf("publishMany");
    expect(run).toMatchObject({ kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
    expect(run.attributes).toEqual({
      "server.address": "127.0.0.1",
      "server.port": set.attributes["server.port"],
      "tscent.run.taken": 250,
      "tscent.run.succeeded": 250,
      "tscent.run.failed": 0,
      "tscent.run.unknown": 0,
    });
    const requests = otel.spans().filter((span) => span !== run);
    expect(requests.map(({ name, kind }) => [name, kind])).toEqual(
      Array.from({ length: 3 }, () => [`${api}/Batch`, SpanKind.CLIENT]),
    );
    for (const { parentSpanContext } of requests)
      expect(parentSpanContext?.spanId).toBe(run.spanContext().spanId);
    const sent = set.server.calls.map(({ headers }) => headers.traceparent);
    expect(sent.sort()).toEqual(requests.map(traceparentOf).sort());
  });
});
