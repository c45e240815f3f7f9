import type { Attributes, Context, Span } from "@opentelemetry/api";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { TracedProxyRequest } from "../tracing/traced.ts";
import { httpSystem, names, ownNames } from "./attributes.ts";
import { errorName } from "./outcome.ts";
import type { Providers } from "./providers.ts";

interface OpenRequest {
  readonly span: Span;
  readonly within: Context;
  readonly attributes: Attributes;
  readonly begun: number;
}

/** Gives propagators the headers of a request, except those that may hold secrets. */
const getter = {
  get: (request: TracedProxyRequest, name: string) => request.getHeader(name),
  keys: () => [],
};

/** Makes spans and metrics of the requests that handlers of `tscent/proxy` answer. */
export class ProxySpans {
  readonly #providers: Providers;
  readonly #open = new WeakMap<TracedProxyRequest, OpenRequest>();

  constructor(providers: Providers) {
    this.#providers = providers;
  }

  readonly start = (request: TracedProxyRequest): void => {
    const { tracer, channels } = this.#providers;
    const { rpc, transport, channel } = request;
    const isGrpc = transport === "grpc";
    const attributes = {
      [names.ATTR_RPC_SYSTEM_NAME]: isGrpc ? names.RPC_SYSTEM_NAME_VALUE_GRPC : httpSystem,
      [names.ATTR_RPC_METHOD]: rpc,
    };
    // A span of the server around it, such as that of an instrumentation of node:http, continues the trace already.
    const active = context.active();
    const around = trace.getSpan(active) ? active : this.#providers.extract(active, request, getter);
    const destination = channels &&
      channel !== undefined && { [names.ATTR_MESSAGING_DESTINATION_NAME]: channel };
    const options = { kind: SpanKind.SERVER, attributes: { ...attributes, ...destination } };
    const span = tracer.startSpan(rpc, options, around);
    const within = trace.setSpan(around, span);
    this.#open.set(request, { span, within, attributes, begun: performance.now() });
    request.wrap((run) => context.with(within, run));
  };

  readonly error = (request: TracedProxyRequest): void => {
    const type = errorName(request.error);
    const open = this.#open.get(request);
    if (open === undefined) return;
    Object.assign(open.attributes, { [names.ATTR_ERROR_TYPE]: type });
    open.span.setAttribute(names.ATTR_ERROR_TYPE, type);
    // No message: it may have the data of the request.
    open.span.setStatus({ code: SpanStatusCode.ERROR, message: type });
  };

  readonly asyncEnd = (request: TracedProxyRequest): void => {
    const open = this.#open.get(request);
    if (open === undefined) return;
    const { span, within, attributes, begun } = open;
    const { outcome, code } = request;
    if (outcome !== undefined) span.setAttribute(ownNames.outcome, outcome);
    if (code !== undefined) span.setAttribute(ownNames.outcomeCode, code);
    const seconds = (performance.now() - begun) / 1_000;
    this.#providers.instruments.serverDuration.record(seconds, attributes, within);
    // The last step, as a processor may throw.
    span.end();
  };
}
