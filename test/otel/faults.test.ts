import { tracingChannel } from "node:diagnostics_channel";
import { context } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { instrumentTscent } from "../../src/otel/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { setUpOtel } from "../harness/otel-set-up.ts";
import { uncaughtErrors } from "../harness/uncaught-errors.ts";

const uncaught = uncaughtErrors();
const fault = (): never => {
  throw new Error("a fault of OpenTelemetry's parts");
};
const publication = { channel: "chat", data: 1 };

/** One call, and one request to a handler that makes a call. */
async function callBoth() {
  const { client } = createTestClient();
  await client.publish(publication);
  const proxy = createProxy({ secret: "s".repeat(32), rpc: { "*": async () => ({ data: 1 }) } });
  const headers = { "content-type": "application/json", "x-centrifugo-secret": "s".repeat(32) };
  const body = JSON.stringify({ user: "42", method: "rooms" });
  const answer = await proxy.fetch(new Request("http://app/rpc", { method: "POST", headers, body }));
  return answer.json();
}

test.each([
  ["a propagator", { propagator: { inject: fault, extract: fault, fields: () => [] } }],
  ["a tracer", { tracerProvider: { getTracer: () => ({ startSpan: fault, startActiveSpan: fault }) } }],
  ["a meter", { meterProvider: { getMeter: fault } }],
])("%s that throws ends neither the process nor a call", async (_part, options) => {
  await using otel = setUpOtel();
  otel.stop();
  const stop = instrumentTscent(options as never);
  expect(await callBoth()).toEqual({ result: { data: 1 } });
  stop();
  await new Promise(setImmediate);
  expect(uncaught()).toEqual([]);
});

test("a propagator that throws does not cost a call its span, nor the count of calls in flight", async () => {
  await using otel = setUpOtel({
    propagator: { inject: fault, extract: () => context.active(), fields: () => [] },
  });
  await callBoth();
  expect(otel.spans().map(({ name }) => name.split("/")[1])).toEqual(["Publish", "RPC"]);
  const active = (await otel.metrics()).get("tscent.client.active_calls");
  expect(active?.dataPoints.map(({ value }) => value)).toEqual([0]);
});

test("a span processor that throws at the end of a span leaves no call counted in flight", async () => {
  await using otel = setUpOtel();
  otel.stop();
  const done = async () => {};
  const processor = { onStart() {}, onEnd: fault, forceFlush: done, shutdown: done };
  const stop = instrumentTscent({ tracerProvider: new TracerProvider({ spanProcessors: [processor] }) });
  await callBoth();
  stop();
  const metrics = await otel.metrics();
  expect(metrics.get("tscent.client.active_calls")?.dataPoints.map(({ value }) => value)).toEqual([0]);
  expect([...metrics.keys()]).toEqual(
    expect.arrayContaining(["rpc.client.call.duration", "rpc.server.call.duration"]),
  );
});

test("a call in flight when the instrumentation ends keeps its span, and leaves no call counted in flight", async () => {
  await using otel = setUpOtel();
  const { client } = createTestClient();
  const call = client.publish(publication);
  otel.stop();
  await client.publish({ channel: "later", data: 1 });
  await call;
  expect(otel.spans()).toHaveLength(1);
  const active = (await otel.metrics()).get("tscent.client.active_calls");
  expect(active?.dataPoints.map(({ value }) => value)).toEqual([0]);
});

test("an instrumentation that has ended listens no more, once the calls in flight have ended", async () => {
  const channel = tracingChannel("tscent.call");
  await using otel = setUpOtel();
  const { client } = createTestClient();
  const call = client.publish(publication);
  otel.stop();
  expect(channel.asyncEnd.hasSubscribers).toBe(true);
  await call;
  expect(channel.asyncEnd.hasSubscribers).toBe(false);
  const stop = instrumentTscent();
  stop();
  expect(channel.asyncEnd.hasSubscribers).toBe(false);
});
