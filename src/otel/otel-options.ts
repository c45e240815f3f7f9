import type { MeterProvider, TextMapPropagator, TracerProvider } from "@opentelemetry/api";
import { asPathError } from "../codec/path-error.ts";
import type { OptionCheck } from "../options/option-checks.ts";
import { expectOptions, flag, hasFunctions, optionChecks } from "../options/option-checks.ts";

/** Options of `instrumentTscent`. */
export interface OtelOptions {
  /** Whether spans have the channel, as `messaging.destination.name`. Metrics never have it. Default false. */
  channels?: boolean | undefined;
  /** Where spans go. Default: the global provider, also one that is set later. */
  tracerProvider?: TracerProvider | undefined;
  /** Where metrics go. Default: the global provider, also one that is set later. */
  meterProvider?: MeterProvider | undefined;
  /** Writes and reads headers such as `traceparent`. Default: the global propagator. */
  propagator?: TextMapPropagator | undefined;
}

const having =
  (...functions: readonly string[]): OptionCheck =>
  (value) =>
    hasFunctions(value, ...functions) || `an object with ${functions.join(" and ")}`;

// A provider and a propagator are objects with options of their own, which are not checked.
const checks = optionChecks<Readonly<Record<keyof OtelOptions, unknown>>>({
  channels: flag,
  tracerProvider: having("getTracer"),
  meterProvider: having("getMeter"),
  propagator: having("inject", "extract"),
});

/** @throws TypeError naming the option */
export function checkOtelOptions(options: OtelOptions): void {
  try {
    expectOptions(options, checks);
  } catch (error) {
    throw new TypeError(`instrumentTscent: ${asPathError(error).message}`);
  }
}
