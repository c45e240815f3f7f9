import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type {
  ContextKey,
  ContextValues,
  Interceptor,
  StreamRequest,
  StreamResponse,
  Transport,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import { Code, ConnectError, isConnectError } from "../limits/connect-error.ts";
import type { LimitedWork } from "../limits/run-within.ts";
import { asUnprocessed, isUnprocessed, startWithin } from "../limits/run-within.ts";
import type { ClosableTransport } from "./transport-calls.ts";
import { TransportCalls } from "./transport-calls.ts";
import { interceptorFailure } from "./transport-failure.ts";
import type { WireRequest } from "./wire-messages.ts";

export interface UnaryTransportOptions {
  /**
   * Sends a request, and settles the call with the response or a ConnectError. Stops when the call ends. May throw before it
   * sends anything.
   */
  readonly roundTrip: (request: WireRequest, call: UnaryCall) => void;
  readonly interceptors: readonly Interceptor[];
  /** The address that interceptors see for a method. */
  readonly url: (method: DescMethodUnary) => string;
  /** Makes the header that carries the deadline, if the protocol has one. */
  readonly deadlineHeader?: (timeoutMs: number) => Record<string, string>;
  /** Ends the connections. */
  readonly close: () => Promise<void>;
}

/** A call in flight, with its limits. */
export type UnaryCall = LimitedWork<UnaryResponse | StreamResponse>;

/**
 * A Connect transport for unary calls, built on `roundTrip`. Deadline, abort, interceptors and context values behave as in
 * connect-es. Without interceptors, the objects that only they see are not made.
 */
export function createUnaryTransport(options: UnaryTransportOptions): ClosableTransport {
  const { roundTrip, interceptors, deadlineHeader } = options;
  const send: (request: WireRequest, call: UnaryCall, values: ContextValues | undefined) => void =
    interceptors.length === 0 ? roundTrip : throughInterceptors(options);
  const calls = new TransportCalls();
  const transport: Transport = {
    unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      headerInit: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      const given = headerRecord(headerInit) ?? {};
      const header = timeoutMs && deadlineHeader ? { ...given, ...deadlineHeader(timeoutMs) } : given;
      const request = { method, message: input as MessageShape<I>, header };
      const sent = calls.start(timeoutMs, signal, (call: UnaryCall) => send(request, call, contextValues));
      // An interceptor may replace the message, but not its type.
      return sent as Promise<UnaryResponse<I, O>>;
    },
    stream: async ({ name }) => {
      throw new ConnectError(`${name} is a stream, and this transport sends unary calls`, Code.Unimplemented);
    },
  };
  const close = () => {
    calls.end();
    return options.close();
  };
  return { transport, close };
}

/** Leads from a request that an interceptor sends to the outer call, which counts it. */
const callKey: ContextKey<UnaryCall | undefined> = { id: Symbol("call"), defaultValue: undefined };

/** Sends requests through the interceptors, the first one outermost. */
function throughInterceptors({ roundTrip, interceptors, url }: UnaryTransportOptions) {
  const innermost = (request: UnaryRequest | StreamRequest) => {
    const { method, message, header, signal, contextValues } = request as UnaryRequest;
    return startWithin(undefined, signal, (call: UnaryCall) => {
      call.within = contextValues.get(callKey);
      roundTrip({ method, message, header: headerRecord(header) ?? {} }, call);
    });
  };
  const intercepted = interceptors.reduceRight<ReturnType<Interceptor>>((next, interceptor) => {
    const call: unknown = interceptor(next);
    if (typeof call !== "function")
      throw new TypeError("interceptors: expected functions that give a function");
    return call as ReturnType<Interceptor>;
  }, innermost);
  const intercept = async (
    { method, message, header }: WireRequest,
    call: UnaryCall,
    contextValues: ContextValues,
  ): Promise<UnaryResponse | StreamResponse> => {
    const controller = new AbortController();
    call.onCancel((reason) => controller.abort(reason));
    contextValues.set(callKey, call);
    try {
      return await intercepted({
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: url(method),
        header: new Headers(header),
        contextValues,
        message,
        signal: controller.signal,
      });
    } catch (error) {
      const failure = isConnectError(error) ? error : interceptorFailure(error);
      // The interceptor may have sent earlier requests, or thrown its own error: only the outer count is right.
      const isOwn = error !== call.failureWithin;
      if (call.sent !== undefined && (isOwn || isUnprocessed(failure)))
        asUnprocessed(failure, call.sent === 0);
      throw failure;
    }
  };
  return (request: WireRequest, call: UnaryCall, contextValues: ContextValues = new OwnContextValues()) =>
    call.follow(intercept(request, call, contextValues));
}

class OwnContextValues implements ContextValues {
  readonly #values = new Map<symbol, unknown>();

  get<T>({ id, defaultValue }: ContextKey<T>): T {
    return this.#values.has(id) ? (this.#values.get(id) as T) : defaultValue;
  }

  set<T>({ id }: ContextKey<T>, value: T): this {
    this.#values.set(id, value);
    return this;
  }

  delete({ id }: ContextKey<unknown>): this {
    this.#values.delete(id);
    return this;
  }
}

/** Headers as a record. The client passes one, and the first use of the global `Headers` loads Node's whole fetch. */
function headerRecord(init: HeadersInit | undefined): Readonly<Record<string, string>> | undefined {
  if (init === undefined || Object.getPrototypeOf(init) === Object.prototype)
    return init as Readonly<Record<string, string>> | undefined;
  if (init instanceof Headers) return Object.fromEntries(init);
  return Array.isArray(init) ? Object.fromEntries(new Headers(init)) : init;
}
