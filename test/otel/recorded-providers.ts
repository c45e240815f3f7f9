import type { Context, MeterProvider, SpanOptions, SpanStatus, TracerProvider } from "@opentelemetry/api";
import { vi } from "vitest";

type Record = Readonly<{ name: string; value: number; attributes: object }>;

class RecordedSpan {
  readonly name: string;
  readonly options: SpanOptions;
  readonly around: Context;
  readonly attributes: [name: string, value: unknown][] = [];
  status: SpanStatus | undefined;
  hasEnded = false;

  constructor(name: string, options: SpanOptions, around: Context) {
    this.name = name;
    this.options = options;
    this.around = around;
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.push([name, value]);
  }

  setAttributes(attributes: object): void {
    this.attributes.push(...Object.entries(attributes));
  }

  setStatus(status: SpanStatus): void {
    this.status = status;
  }

  spanContext() {
    return { traceId: "trace", spanId: this.name, traceFlags: 0 };
  }

  end(): void {
    this.hasEnded = true;
  }
}

/** Providers that keep all that they are told, also an attribute that is undefined, which those of the SDK drop. */
export function recordedProviders() {
  const spans: RecordedSpan[] = [];
  const records: Record[] = [];
  const instruments = new Map<string, object>();
  const create = (name: string, options: object) => {
    instruments.set(name, options);
    const record = (value: number, attributes: object) => void records.push({ name, value, attributes });
    return { record, add: record };
  };
  const getMeter = vi.fn((_name: string, _version: string) => ({
    createHistogram: create,
    createCounter: create,
    createUpDownCounter: create,
  }));
  const startSpan = (name: string, options: SpanOptions, around: Context) => {
    const span = new RecordedSpan(name, options, around);
    spans.push(span);
    return span;
  };
  return {
    spans,
    instruments,
    getMeter,
    /** The values of a metric, with their attributes. */
    recordsOf: (metric: string) =>
      records.filter(({ name }) => name === metric).map(({ value, attributes }) => [value, attributes]),
    tracerProvider: { getTracer: () => ({ startSpan }) } as unknown as TracerProvider,
    meterProvider: { getMeter } as unknown as MeterProvider,
  };
}
