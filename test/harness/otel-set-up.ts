import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import type { DataPoint, Histogram, SumMetricData } from "@opentelemetry/sdk-metrics";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { OtelOptions } from "../../src/otel/index.ts";
import { instrumentTscent } from "../../src/otel/index.ts";

/** The points of a metric, a histogram's or a counter's. */
export type Point = DataPoint<Histogram> | DataPoint<number>;

/** Sets up OpenTelemetry's global parts with exporters in memory, and instruments the package until `using` ends. */
export function setUpOtel(options: OtelOptions = {}) {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: 2 ** 30,
    exportTimeoutMillis: 1_000,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  const stop = instrumentTscent(options);
  return {
    stop,
    /** The spans that have ended, of this package's and of the test. */
    spans: () => spans.getFinishedSpans(),
    spanOf(name: string): ReadableSpan {
      const found = spans.getFinishedSpans().filter((span) => span.name === name);
      if (found.length !== 1) throw new Error(`expected one span ${name}, got ${found.length}`);
      return found[0] as ReadableSpan;
    },
    /** The metrics so far, by their names. */
    async metrics() {
      await meterProvider.forceFlush();
      const all =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return new Map(
        all.map((metric) => [
          metric.descriptor.name,
          metric as Omit<SumMetricData, "dataPoints"> & { dataPoints: Point[] },
        ]),
      );
    },
    async [Symbol.asyncDispose]() {
      stop();
      await meterProvider.shutdown();
      trace.disable();
      metrics.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The W3C header of a span. */
export function traceparentOf(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}
