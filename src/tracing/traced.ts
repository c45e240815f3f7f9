/** The server to which traced calls go. */
export interface TracedServer {
  /** `custom` for a transport of the caller's own. */
  readonly transport: "http" | "grpc" | "custom";
  /** The host in the client's `url`; undefined for a transport of the caller's own. */
  readonly address: string | undefined;
  /** The port in the client's `url`, or that of its scheme. */
  readonly port: number | undefined;
}

/** The means by which a subscriber changes the work that it traces, during the `start` event only. */
export interface TracedWork {
  /**
   * Runs the work through a function, such as one that enters an async context. It must return what `run` gives.
   *
   * @throws Error after the `start` event
   */
  wrap(around: <Result>(run: () => Result) => Result): void;
}

/**
 * The context of the events of `tracing:tscent.call`: a call, a request that calls share, or a run. It has no data, no keys
 * and no values of headers. Retries belong to their call.
 */
export interface TracedCall extends TracedServer, TracedWork {
  /** `request`: sent for several calls of `batching`, or for a run. `run`: one use of `publishMany` or `broadcastMany`. */
  readonly kind: "call" | "request" | "run";
  /** The client's name of the method: `publish`, `publishMany`; `batch` for a request that calls share. */
  readonly method: string;
  /** The RPC: `centrifugal.centrifugo.api.CentrifugoApi/Publish`. Undefined for a run, which has several. */
  readonly rpc: string | undefined;
  /** The channel, if there is one. */
  readonly channel: string | undefined;
  /** The number of channels, if the request has a list of them. */
  readonly channelCount: number | undefined;
  /** The number of commands in a batch, or of publications or channels in a request of a run. */
  readonly batchSize: number | undefined;
  /** The run to which the request belongs; undefined outside of runs. */
  readonly parent: TracedCall | undefined;
  /** The first 128 calls that share the request; empty if none do. */
  readonly calls: readonly TracedCall[];
  /** The request that the call shares. It is there before the request's `start` event. */
  readonly request: TracedCall | undefined;
  /** How often the request was given to the transport so far; 0 for a run. */
  readonly attempts: number;
  /**
   * In the end: Centrifugo's error code (`102`), else the HTTP status (`200`), or the gRPC status (`OK`). Undefined if there is
   * none, as after a lost connection over HTTP, and for a run.
   */
  readonly status: string | undefined;
  /** After a failure: whether the server may have executed the call. */
  readonly maybeExecuted: boolean | undefined;
  /** After a failure: the error with which the call rejects, as its caller gets it. */
  readonly error?: unknown;
  /**
   * Adds a header, or gRPC metadata, to the request. The header of a call that shares its request is not sent.
   *
   * @throws TypeError for a name or value that cannot be sent, or that authorizes; Error after the `start` event
   */
  setHeader(name: string, value: string): void;
}

/** The context of the events of `tracing:tscent.proxy`: a request to a handler of `tscent/proxy`. It has no data. */
export interface TracedProxyRequest extends TracedWork {
  /** The event's name among the handlers: `subRefresh`. */
  readonly event: string;
  /** The RPC, of HTTP requests too: `centrifugal.centrifugo.proxy.CentrifugoProxy/Subscribe`. */
  readonly rpc: string;
  /** How Centrifugo sent the request. */
  readonly transport: "http" | "grpc";
  /** The channel of the event, if it has one. */
  readonly channel: string | undefined;
  /** The method of an `rpc` event. */
  readonly method: string | undefined;
  /** In the end: what Centrifugo was told. Undefined after a failure, and for a stream. */
  readonly outcome: "result" | "error" | "disconnect" | undefined;
  /** The code of that error or disconnect; undefined for a result. */
  readonly code: number | undefined;
  /** After a failure: the error of the handler, or of its result. */
  readonly error?: unknown;
  /**
   * A header of the request; undefined for one that may hold a secret, such as `cookie`.
   *
   * @throws Error after the `start` event
   */
  getHeader(name: string): string | undefined;
}
