import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type {
  ContextValues,
  Interceptor,
  StreamRequest,
  Transport,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { Cancellation } from "./call-limits.ts";
import { runWithin } from "./call-limits.ts";
import { interceptorFailure } from "./transport-failure.ts";

/** A request on its way to the wire. */
export interface WireRequest {
  readonly method: DescMethodUnary;
  readonly message: MessageShape<DescMessage>;
  readonly header: Readonly<Record<string, string>>;
}

/** A reply as read from the wire. Few callers look at its headers, so they are made when asked for. */
export interface WireReply {
  readonly message: MessageShape<DescMessage>;
  readonly header: () => Headers;
  readonly trailer: () => Headers;
}

/** Puts a request on the wire and reads the reply. It rejects with a ConnectError, and stops when it is canceled. */
export type Send = (request: WireRequest, cancellation: Cancellation) => Promise<WireReply>;

export interface UnaryTransportOptions {
  readonly send: Send;
  readonly interceptors: readonly Interceptor[];
  /** The address that interceptors see for a method. */
  readonly url: (method: DescMethodUnary) => string;
  /** The header that tells the server the deadline, where the protocol has one. */
  readonly deadlineHeader?: (timeoutMs: number) => Record<string, string>;
}

/**
 * A Connect transport for unary calls, made of a function that sends one: deadline, abort, interceptors and context
 * values behave as on the transports of connect-es. What only interceptors see is made only where there are any.
 */
export function createUnaryTransport(options: UnaryTransportOptions): Transport {
  const intercepted = composeInterceptors(options);
  return {
    unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      headerInit: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      const header = headerRecord(headerInit);
      if (timeoutMs && options.deadlineHeader) Object.assign(header, options.deadlineHeader(timeoutMs));
      const message = create(method.input, input);
      return runWithin(timeoutMs, signal, async (cancellation) => {
        if (intercepted === undefined) {
          return response(method, await options.send({ method, message, header }, cancellation));
        }
        const controller = new AbortController();
        cancellation.onCancel((reason) => controller.abort(reason));
        const request: UnaryRequest<I, O> = {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: options.url(method),
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message,
          signal: controller.signal,
        };
        try {
          // An interceptor may give back another message, but not one of another type.
          return (await intercepted(request)) as UnaryResponse<I, O>;
        } catch (error) {
          throw error instanceof ConnectError ? error : interceptorFailure(error);
        }
      });
    },
    stream: async (method) => {
      throw new ConnectError(
        `${method.name} is a stream, and this transport sends unary calls`,
        Code.Unimplemented,
      );
    },
  };
}

type CallFunction = ReturnType<Interceptor>;

/** The chain of interceptors around `send`, the first one outermost; undefined where there are none. */
function composeInterceptors({ send, interceptors }: UnaryTransportOptions): CallFunction | undefined {
  if (interceptors.length === 0) return undefined;
  const innermost = (request: UnaryRequest | StreamRequest) => {
    const { method, message, header, signal } = request as UnaryRequest;
    return runWithin(undefined, signal, async (cancellation) =>
      response(method, await send({ method, message, header: headerRecord(header) }, cancellation)),
    );
  };
  return interceptors.reduceRight<CallFunction>((next, interceptor) => {
    const call: unknown = interceptor(next);
    if (typeof call !== "function")
      throw new TypeError("interceptors: expected functions that give a function");
    return call as CallFunction;
  }, innermost);
}

function response<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  reply: WireReply,
): UnaryResponse<I, O> {
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  return {
    stream: false,
    service: method.parent,
    method,
    message: reply.message as MessageShape<O>,
    get header() {
      header ??= reply.header();
      return header;
    },
    get trailer() {
      trailer ??= reply.trailer();
      return trailer;
    },
  };
}

/** A copy of the headers. Most calls bring a record, and building `Headers` takes longer than all else here. */
function headerRecord(init: HeadersInit | undefined): Record<string, string> {
  if (init instanceof Headers || Array.isArray(init)) return Object.fromEntries(new Headers(init));
  return { ...init };
}
