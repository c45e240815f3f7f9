/** A refusal with an error that the client sees. `deny()` makes it. */
export interface Denial {
  readonly kind: "deny";
  readonly code: number;
  readonly message: string;
  readonly temporary: boolean;
}

/** A refusal that closes the client's connection. `disconnect()` makes it. */
export interface Disconnection {
  readonly kind: "disconnect";
  readonly code: number;
  readonly reason: string;
}

/** The end of a connection or subscription. `expired()` makes it. */
export type Expiration = { readonly kind: "expired" };

/** A handler that gives nothing refuses. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement is such a handler
export type Nothing = undefined | null | false | void;

/** The circumstances of a request. */
export interface ProxyContext {
  /** The headers of the request but the secret, those of the client among them that the configuration passes on. */
  readonly headers: Headers;
  /** Aborts when Centrifugo hangs up, at the deadline of a gRPC call, and when the client leaves a stream. */
  readonly signal: AbortSignal;
}

type Handler<Request, Given> = (request: Request, context: ProxyContext) => Given | Promise<Given>;
type Refusal = Denial | Disconnection | Nothing;

/** Decides about a client that connects. A yes has a `user`, or `anonymous: true`. */
export type ConnectHandler<Request, Result> = Handler<Request, (Omit<Result, "user"> & Identity) | Refusal>;

/** The user who connects. */
export type Identity =
  | { readonly user: string; readonly anonymous?: undefined }
  | { readonly anonymous: true; readonly user?: undefined };

/** Decides whether a client may do something. An empty object is a yes. */
export type AccessHandler<Request, Result> = Handler<Request, Result | Refusal>;

/** Decides how long something goes on. Centrifugo ignores errors and disconnects here; nothing returned ends it. */
export type ExpiryHandler<Request, Result> = Handler<
  Request,
  | (Omit<Result, "expired" | "expireAt"> & { readonly expireAt: Date | number | bigint })
  | Expiration
  | Nothing
>;

/** Answers a request about which no client waits. */
export type ReportHandler<Request, Result, Refused> = Handler<Request, Result | Refused | Nothing>;

/** The circumstances of a stream in both directions. */
export interface StreamContext<Received> extends ProxyContext {
  /** The publications of the client. They end when the client leaves. */
  readonly publications: AsyncIterable<Received>;
}

/**
 * Decides about a subscription with the first value that it yields, then sends the values that follow to the client. An
 * end after the decision unsubscribes the client for good.
 */
export type StreamHandler<Request, Result, Sent, Received = never> = (
  request: Request,
  context: [Received] extends [never] ? ProxyContext : StreamContext<Received>,
) => AsyncIterable<Result | Sent | Refusal>;

/**
 * Handlers by names or patterns. A pattern is text with at most one `*`, at its end: `chat:*`. The namespace before the
 * colon is literal: `*` means names without a namespace. The longest pattern counts.
 */
export interface HandlersByPattern<Handler> {
  readonly [pattern: string]: Handler;
}
