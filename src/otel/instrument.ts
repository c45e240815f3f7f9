import { callChannel, listen, proxyChannel } from "../tracing/channels.ts";
import { CallSpans } from "./call-spans.ts";
import type { OtelOptions } from "./otel-options.ts";
import { checkOtelOptions } from "./otel-options.ts";
import { Providers } from "./providers.ts";
import { ProxySpans } from "./proxy-spans.ts";

/** The instrumentation of the process. Global, as the package may be loaded twice: as ES modules and as CommonJS. */
interface Running {
  users: number;
  readonly stop: () => void;
}

const key = Symbol.for("tscent.otel");
const holder = globalThis as { [key]?: Running | undefined };

/**
 * Makes OpenTelemetry's spans and metrics of all clients' calls, and of all requests to handlers of `tscent/proxy`. A trace goes
 * on in Centrifugo, by the headers of the propagator.
 *
 * @returns a function that ends this use. With several uses, the options of the first one count, and each call has one span.
 *   The spans of calls in flight are dropped when the last use ends, and these calls stay in `tscent.client.active_calls`
 * @throws TypeError for an option that is unknown or wrong
 */
export function instrumentTscent(options: OtelOptions = {}): () => void {
  checkOtelOptions(options);
  const running = holder[key] ?? start(options);
  holder[key] = running;
  running.users++;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    running.users--;
    if (running.users > 0) return;
    holder[key] = undefined;
    running.stop();
  };
}

function start(options: OtelOptions): Running {
  const providers = new Providers(options);
  const stopCalls = listen(callChannel, new CallSpans(providers));
  const stopRequests = listen(proxyChannel, new ProxySpans(providers));
  const stop = () => {
    stopCalls();
    stopRequests();
  };
  return { users: 0, stop };
}
