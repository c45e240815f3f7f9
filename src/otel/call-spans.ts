import type { Attributes, Context, Link, Span } from "@opentelemetry/api";
import { context, diag, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { TracedCall } from "../tracing/traced.ts";
import { httpSystem, names, ownNames } from "./attributes.ts";
import { callErrorType, callStatus, errorName } from "./outcome.ts";
import type { Providers } from "./providers.ts";

interface OpenCall {
  readonly span: Span;
  /** The async context of the call, with its span. */
  readonly within: Context;
  /** The attributes of the metrics. */
  readonly attributes: Attributes;
  readonly begun: number;
}

/** Makes spans and metrics of traced calls. */
export class CallSpans {
  readonly #providers: Providers;
  readonly #open = new WeakMap<TracedCall, OpenCall>();

  constructor(providers: Providers) {
    this.#providers = providers;
  }

  readonly start = (call: TracedCall): void => {
    const { tracer, channels } = this.#providers;
    const attributes = attributesOf(call);
    const ofRun = call.parent && this.#open.get(call.parent)?.within;
    const around = ofRun ?? context.active();
    const options = {
      // A run sends nothing itself: its requests do.
      kind: call.kind === "run" ? SpanKind.INTERNAL : SpanKind.CLIENT,
      attributes: { ...attributes, ...spanAttributesOf(call, channels) },
      links: call.calls.flatMap((shared) => this.#linkTo(shared)),
      // A request of several callers is a child of none of them.
      root: call.kind === "request" && ofRun === undefined,
    };
    const span = tracer.startSpan(call.rpc ?? call.method, options, around);
    const within = trace.setSpan(around, span);
    this.#open.set(call, { span, within, attributes, begun: performance.now() });
    call.wrap((run) => context.with(within, run));
    if (call.kind === "run") return;
    const { activeCalls, batchSizes } = this.#providers.instruments;
    if (isCounted(call)) activeCalls.add(1, attributes);
    if (call.batchSize !== undefined) batchSizes.record(call.batchSize, attributes, within);
    // The last step, as a propagator may throw.
    this.#providers.inject(within, call, { set: setHeader });
  };

  readonly asyncEnd = (call: TracedCall): void => {
    const open = this.#open.get(call);
    if (open === undefined) return;
    const { span } = open;
    const outcome = outcomeOf(call);
    if (call.kind !== "run") this.#measure(call, open, outcome);
    span.setAttributes(outcome);
    if (call.kind !== "run") span.setAttribute(ownNames.attempts, call.attempts);
    for (const [name, count] of Object.entries(call.progress ?? {}))
      span.setAttribute(`${ownNames.run}.${name}`, count);
    if (call.maybeExecuted !== undefined) {
      span.setAttribute(ownNames.maybeExecuted, call.maybeExecuted);
      // No message: it names the channel, and has the server's words.
      span.setStatus({ code: SpanStatusCode.ERROR, message: errorName(call.error) });
    }
    // The last step, as a processor may throw.
    span.end();
  };

  #measure(call: TracedCall, { within, attributes, begun }: OpenCall, outcome: Attributes): void {
    const { clientDuration, activeCalls, retries } = this.#providers.instruments;
    if (isCounted(call)) {
      clientDuration.record((performance.now() - begun) / 1_000, { ...attributes, ...outcome }, within);
      activeCalls.add(-1, attributes);
    }
    // A call that shares its request was not repeated itself.
    if (call.attempts > 1 && call.request === undefined) retries.add(call.attempts - 1, attributes);
  }

  #linkTo(call: TracedCall): Link[] {
    const span = this.#open.get(call)?.span;
    return span === undefined ? [] : [{ context: span.spanContext() }];
  }
}

/** The attributes of the span and of the metrics. */
function attributesOf({ kind, rpc, transport, address, port }: TracedCall): Attributes {
  const system = transport === "grpc" ? names.RPC_SYSTEM_NAME_VALUE_GRPC : httpSystem;
  return {
    ...(kind !== "run" && { [names.ATTR_RPC_SYSTEM_NAME]: system, [names.ATTR_RPC_METHOD]: rpc }),
    ...(address !== undefined && { [names.ATTR_SERVER_ADDRESS]: address, [names.ATTR_SERVER_PORT]: port }),
  };
}

function spanAttributesOf({ channel, channelCount, batchSize }: TracedCall, channels: boolean): Attributes {
  return {
    ...(channels && channel !== undefined && { [names.ATTR_MESSAGING_DESTINATION_NAME]: channel }),
    ...(channelCount !== undefined && { [ownNames.channelCount]: channelCount }),
    ...(batchSize !== undefined && { [ownNames.batchSize]: batchSize }),
  };
}

function outcomeOf(call: TracedCall): Attributes {
  const status = callStatus(call);
  const errorType = callErrorType(call);
  return {
    ...(status !== undefined && { [names.ATTR_RPC_STATUS_CODE]: status }),
    ...(errorType !== undefined && { [names.ATTR_ERROR_TYPE]: errorType }),
  };
}

/** Whether the metrics count a context. A request that calls share counts as these calls, a run as its requests. */
function isCounted({ kind, parent }: TracedCall): boolean {
  return kind === "call" || parent !== undefined;
}

function setHeader(call: TracedCall, name: string, value: string): void {
  try {
    call.setHeader(name, value);
  } catch (error) {
    // The other headers of the propagator are sent all the same.
    diag.warn(`tscent/otel: a header of the propagator cannot be sent: ${(error as Error).message}`);
  }
}
