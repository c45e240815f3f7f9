// The public contract of tscent/otel: OpenTelemetry's spans and metrics of calls and of handlers.
import "../check-node.ts";

export { instrumentTscent } from "./instrument.ts";
export type { OtelOptions } from "./otel-options.ts";
