import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { areHandlersTraced, proxyChannel } from "./channels.ts";
import type { TracedProxyRequest } from "./traced.ts";
import { TracedContext } from "./traced-context.ts";

/** A request to a handler, as its trace needs it. */
interface Asked {
  readonly event: ProxyEvent;
  /** The channel or method of the request. */
  readonly key: string | undefined;
  /** The headers without the proxy's secret. */
  readonly context: { readonly headers: Headers };
}

/** Headers of clients and proxies that may hold secrets. */
const secretHeaders = new Set(["authorization", "proxy-authorization", "cookie", "x-api-key"]);

/** Publishes the answer to a request as `tracing:tscent.proxy`. */
export function traceAnswer(asked: Asked, answer: () => Promise<Message>): Promise<Message> {
  if (!areHandlersTraced()) return answer();
  const trace = new ProxyTrace(asked);
  return trace.trace(async () => {
    const message = await answer();
    trace.answered(message);
    return message;
  });
}

/**
 * Publishes a stream: from its beginning until its values end or its reader leaves.
 *
 * @param open begins the stream. The cause of its error is the error that subscribers see.
 */
export function traceStream<Value>(
  asked: Asked,
  open: () => AsyncGenerator<Value, void>,
): AsyncIterable<Value> {
  if (!areHandlersTraced()) return open();
  const trace = new ProxyTrace(asked);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The reader of the stream gets the error, too.
  trace.trace(() => promise).catch(() => {});
  const values = open();
  return {
    [Symbol.asyncIterator]: () => ({
      // A generator goes on in the async context of its `next`.
      async next() {
        try {
          const step = await trace.within(() => values.next());
          if (step.done) resolve();
          return step;
        } catch (thrown) {
          reject((thrown as Error).cause);
          throw thrown;
        }
      },
      return() {
        resolve();
        return trace.within(() => values.return());
      },
    }),
  };
}

class ProxyTrace extends TracedContext implements TracedProxyRequest {
  readonly event: string;
  readonly rpc: string;
  readonly transport: "http" | "grpc";
  readonly channel: string | undefined;
  readonly method: string | undefined;
  outcome: TracedProxyRequest["outcome"];
  code: number | undefined;
  readonly #headers: Headers;

  constructor({ event, key, context }: Asked) {
    super();
    const { headers } = context;
    this.event = event.name;
    this.rpc = `${event.rpc.parent.typeName}/${event.rpc.name}`;
    this.transport = headers.get("content-type")?.startsWith("application/grpc") ? "grpc" : "http";
    this.channel = event.key === "channel" ? key : undefined;
    this.method = event.key === "method" ? key : undefined;
    this.#headers = headers;
  }

  getHeader(name: string): string | undefined {
    this.expectStart();
    return secretHeaders.has(name.toLowerCase()) ? undefined : (this.#headers.get(name) ?? undefined);
  }

  trace<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.emit<TracedProxyRequest, Result>(proxyChannel, this, work);
  }

  answered(response: Message): void {
    const { error, disconnect } = fieldsOf(response);
    this.outcome = error !== undefined ? "error" : disconnect !== undefined ? "disconnect" : "result";
    this.code = (Object(error ?? disconnect) as { code?: number }).code;
  }
}
