// `npm run bench:tracing`: the CPU time of a publish without a listener, with one that does nothing, and with OpenTelemetry,
// whose spans and metrics go nowhere. The ways take turns; the ratios are of one round.
//   --rounds=n    runs n rounds instead of 21
import { tracingChannel } from "node:diagnostics_channel";
import { parseArgs } from "node:util";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { NoopSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ClientOptions, TracedCall } from "tscent";
import { createClient } from "tscent";
import { instrumentTscent } from "tscent/otel";
import { inFlight } from "./contenders/contender.ts";
import { costOf } from "./cost.ts";
import { spread } from "./report/spread.ts";
import { startBenchServer } from "./server.ts";
import { publishes } from "./workloads.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "21" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError("--rounds: expected a positive integer");
const warmUp = 5;

const channel = tracingChannel<unknown, TracedCall>("tscent.call");
const idle = { start() {}, end() {}, asyncStart() {}, asyncEnd() {}, error() {} };
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const otel = {
  tracerProvider: new TracerProvider({ spanProcessors: [new NoopSpanProcessor()] }),
  meterProvider: new MeterProvider(),
  propagator: new W3CTraceContextPropagator(),
};

/** Begins a way to listen, and gives a function that ends it. */
const ways: Readonly<Record<string, () => () => unknown>> = {
  "no listener": () => () => {},
  "an idle listener": () => {
    channel.subscribe(idle);
    return () => channel.unsubscribe(idle);
  },
  OpenTelemetry: () => instrumentTscent(otel),
};

await using server = await startBenchServer();
console.log(`Against ${server.title}; rounds: ${rounds}.`);
const { apiKey } = server;
const clients: Readonly<Record<string, ClientOptions>> = {
  HTTP: { url: server.httpUrl, apiKey },
  "HTTP, batching": { url: server.httpUrl, apiKey, batching: true },
  gRPC: { transport: "grpc", url: server.grpcUrl, apiKey },
};
const requests = publishes(2_000);
for (const [title, options] of Object.entries(clients)) {
  await using cent = createClient(options);
  const cpu = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [name, listen] of Object.entries(ways)) {
      const stop = listen();
      const cost = await costOf(() => inFlight(64, requests, (request) => cent.publish(request)));
      stop();
      if (round >= warmUp) cpu.get(name)?.push((cost.cpu / requests.length) * 1_000);
    }
  }
  const without = cpu.get("no listener") ?? [];
  for (const [name, taken] of cpu) {
    const ratio = spread(taken.map((value, round) => value / (without[round] ?? Number.NaN)));
    const beside = name === "no listener" ? "" : `, ${ratio.median.toFixed(2)} x without a listener`;
    console.log(`${title}, ${name}: ${spread(taken).median.toFixed(1)} µs of CPU for a publish${beside}`);
  }
}
