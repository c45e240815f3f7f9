import { context, metrics, trace } from "@opentelemetry/api";
import * as conventions from "@opentelemetry/semantic-conventions";
import * as incubating from "@opentelemetry/semantic-conventions/incubating";
import { expect, test } from "vitest";
import { names } from "../../src/otel/attributes.ts";
import { instrumentTscent } from "../../src/otel/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { setUpOtel } from "../harness/otel-set-up.ts";

const publish = async () => {
  const { client } = createTestClient();
  await client.publish({ channel: "chat", data: 1 });
};

test("the names are those of the semantic conventions, stable but for the destination", () => {
  const known = { ...incubating, ...conventions } as Readonly<Record<string, unknown>>;
  const expected = Object.keys(names).map((name) => [name, known[name]]);
  expect(names).toEqual(Object.fromEntries(expected));
  expect(Object.keys(names).filter((name) => !(name in conventions))).toEqual([
    "ATTR_MESSAGING_DESTINATION_NAME",
  ]);
});

test("two uses make one span of a call, until both have ended", async () => {
  await using otel = setUpOtel();
  const stop = instrumentTscent();
  await publish();
  expect(otel.spans()).toHaveLength(1);
  otel.stop();
  otel.stop();
  await publish();
  expect(otel.spans()).toHaveLength(2);
  stop();
  await publish();
  expect(otel.spans()).toHaveLength(2);
});

test("providers that are set after the start of the instrumentation get spans and metrics", async () => {
  const stop = instrumentTscent();
  await publish();
  await using otel = setUpOtel();
  stop();
  await publish();
  expect(otel.spans()).toHaveLength(1);
  expect([...(await otel.metrics()).keys()]).toContain("rpc.client.call.duration");
});

test("spans and metrics go to the providers in the options", async () => {
  await using other = setUpOtel();
  other.stop();
  const options = { tracerProvider: trace.getTracerProvider(), meterProvider: metrics.getMeterProvider() };
  trace.disable();
  metrics.disable();
  const stop = instrumentTscent(options);
  await publish();
  stop();
  expect(other.spans()).toHaveLength(1);
  expect([...(await other.metrics()).keys()]).toContain("tscent.client.active_calls");
});

test("a propagator whose headers cannot be sent does not end the call", async () => {
  const inject = (
    _context: unknown,
    carrier: object,
    setter: { set(carrier: object, name: string, value: string): void },
  ) => setter.set(carrier, "authorization", "apikey other");
  const propagator = { inject, extract: () => context.active(), fields: () => [] };
  await using otel = setUpOtel({ propagator: propagator as never });
  await publish();
  expect(otel.spans()).toHaveLength(1);
});

test.each([
  [{ channel: true }, "channel: unknown option; did you mean channels?"],
  [{ channels: "yes" }, "channels: expected true or false"],
  [{ tracerProvider: {} }, "tracerProvider: expected an object with getTracer"],
  [{ propagator: { inject() {} } }, "propagator: expected an object with inject and extract"],
])("instrumentTscent refuses %j", (options, message) => {
  expect(() => instrumentTscent(options as never)).toThrow(`instrumentTscent: ${message}`);
});
