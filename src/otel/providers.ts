import type { Context, Meter, TextMapGetter, TextMapSetter, Tracer } from "@opentelemetry/api";
import { metrics, propagation, trace } from "@opentelemetry/api";
import { version } from "../options/version.ts";
import { Instruments } from "./instruments.ts";
import type { OtelOptions } from "./otel-options.ts";

/** The parts of OpenTelemetry that spans and metrics go to, by the options or the global ones. */
export class Providers {
  readonly channels: boolean;
  readonly tracer: Tracer;
  readonly #options: OtelOptions;
  #meterProvider: unknown;
  #instruments: Instruments | undefined;

  constructor(options: OtelOptions) {
    this.#options = options;
    this.channels = options.channels ?? false;
    // A tracer of the global provider follows one that is set later.
    this.tracer = (options.tracerProvider ?? trace.getTracerProvider()).getTracer("tscent", version);
  }

  /** The metrics of the present provider. The global one may be set after the start of the instrumentation. */
  get instruments(): Instruments {
    const provider = this.#options.meterProvider ?? metrics.getMeterProvider();
    if (this.#instruments === undefined || provider !== this.#meterProvider) {
      this.#meterProvider = provider;
      const meter: Meter = provider.getMeter("tscent", version);
      this.#instruments = new Instruments(meter);
    }
    return this.#instruments;
  }

  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    (this.#options.propagator ?? propagation).inject(context, carrier, setter);
  }

  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    return (this.#options.propagator ?? propagation).extract(context, carrier, getter);
  }
}
