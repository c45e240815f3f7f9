const brand = Symbol.for("tscent.CentError");

export interface CentErrorOptions {
  /** The client's method that failed, as in `publish`. */
  method?: string | undefined;
  cause?: unknown;
  /** Default false. */
  maybeExecuted?: boolean | undefined;
  /** Default 0. */
  attempts?: number | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The base of every error that a call rejects with, except a caller's own abort reason. It is of no more exact class where an
 * interceptor failed.
 */
export class CentError extends Error {
  override readonly name: string = "CentError";
  /** The client's method that failed, as in `publish`; undefined where none was called yet. */
  readonly method: string | undefined;
  /** False where the server has certainly not executed the call, in any of its attempts. */
  readonly maybeExecuted: boolean;
  /** How often the request was given to the transport; 0 where the call failed before that. */
  readonly attempts: number;
  /** The headers of the reply, names in lower case, over gRPC with its trailers; undefined where there was no reply. */
  declare readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(message: string, options: CentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { method, maybeExecuted = false, attempts = 0, headers } = options;
    this.method = method;
    this.maybeExecuted = maybeExecuted;
    this.attempts = attempts;
    // They would be most of what a log shows of the error.
    if (headers !== undefined) Object.defineProperty(this, "headers", { value: headers, writable: true });
  }

  /** Milliseconds after which the server wants to be asked again, by its `Retry-After`; undefined where it said nothing. */
  get retryAfterMs(): number | undefined {
    return retryAfterMs(this.headers?.["retry-after"]);
  }

  get [brand](): true {
    return true;
  }

  /** All of the error but its headers, cause and stack, for logs and queues. */
  toJSON(): object {
    const { message } = this;
    return Object.assign({ message }, this);
  }
}

/** The value of a Retry-After header in milliseconds: seconds, or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  // Date.parse makes a date of nearly anything, as of "1.5".
  const date = value.endsWith(" GMT") ? Date.parse(value) : Number.NaN;
  const ms = /^[0-9]+$/.test(value) ? Number(value) * 1_000 : date - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Centrifugo was not reached, or the connection broke before the whole reply was there. */
export class CentNetworkError extends CentError {
  override readonly name = "CentNetworkError";
  /** The word of Node.js or undici for it, as in `ECONNREFUSED` or `CERT_HAS_EXPIRED`; undefined where there is none. */
  readonly code: string | undefined;

  constructor(message: string, options: CentErrorOptions & { code?: string | undefined } = {}) {
    super(message, options);
    this.code = options.code;
  }
}

/** As many calls wait to be sent as `maxQueued` permits. */
export class CentQueueFullError extends CentError {
  override readonly name = "CentQueueFullError";
}

/** No complete reply within `timeoutMs`, or the server gave up at the deadline. */
export class CentTimeoutError extends CentError {
  override readonly name = "CentTimeoutError";
}

/** The api key or the bearer token is missing or wrong: HTTP 401, gRPC UNAUTHENTICATED. */
export class CentUnauthorizedError extends CentError {
  override readonly name = "CentUnauthorizedError";
}

/** A reply of another status than success, HTTP's or gRPC's, from Centrifugo or what stands in front of it, without an API error in it. */
export class CentTransportError extends CentError {
  override readonly name: string = "CentTransportError";
  /** The HTTP status, 100 and up; undefined where a gRPC status came. */
  readonly httpStatus: number | undefined;
  /** The gRPC status, 0 to 16 (2, UNKNOWN, where the reply had none); undefined where only an HTTP status came. */
  readonly grpcStatus: number | undefined;

  constructor(
    message: string,
    options: CentErrorOptions & { httpStatus?: number | undefined; grpcStatus?: number | undefined },
  ) {
    super(message, options);
    this.httpStatus = options.httpStatus;
    this.grpcStatus = options.grpcStatus;
  }
}

/**
 * The server does not have the method: HTTP 404, gRPC UNIMPLEMENTED. It is older than the method, or an open-source one
 * that was asked for a method of Centrifugo PRO, or the url is not that of the API.
 */
export class CentUnimplementedError extends CentTransportError {
  override readonly name = "CentUnimplementedError";
}

/** A reply came, but is not what the schema says: not JSON or protobuf, cut short, of wrong types, or with neither result nor error. */
export class CentDecodeError extends CentError {
  override readonly name = "CentDecodeError";
}

/** Centrifugo answered with an error of its own; `message` is the server's. */
export class CentApiResponseError extends CentError {
  override readonly name = "CentApiResponseError";
  /** The server's error code: one of {@link ErrorCode}, or a newer one. */
  readonly code: number;

  constructor(code: number, message: string, options: CentErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The request could not be made, so nothing was sent: a field that is unknown, missing or of a wrong type, or a closed client. */
export class CentRequestError extends CentError {
  override readonly name = "CentRequestError";
  /** The place in the request, as in `commands[2].publish.data`; undefined where it is not about one field. */
  readonly field: string | undefined;

  constructor(message: string, options: CentErrorOptions & { field?: string | undefined } = {}) {
    super(message, options);
    this.field = options.field;
  }
}

/** One item of a batch or a broadcast that failed. */
export interface Failure {
  /** The place of the item: the command's in the batch, or the channel's in the broadcast. */
  readonly index: number;
  readonly error: CentApiResponseError;
}

/** Thrown by `unwrap` where items of a batch or a broadcast failed. The others were executed. */
export class CentPartialError extends CentError {
  override readonly name = "CentPartialError";
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[], total: number) {
    const shown = failures
      .slice(0, 3)
      .map(({ index, error }) => `[${index}] ${error.message} (${error.code})`);
    const more = failures.length > shown.length ? `, and ${failures.length - shown.length} more` : "";
    super(`${failures.length} of ${total} failed: ${shown.join(", ")}${more}`, {
      cause: failures[0]?.error,
      maybeExecuted: failures.some(({ error }) => error.maybeExecuted),
      attempts: failures[0]?.error.attempts,
    });
    this.failures = failures;
  }
}

/** The codes of {@link CentApiResponseError} that Centrifugo 6.9 answers with. A newer server may have others. */
export const ErrorCode = {
  /** A failure inside the server or its broker; the only one worth a retry. */
  INTERNAL: 100,
  /** The channel's namespace is not configured. */
  UNKNOWN_CHANNEL: 102,
  /** No such thing: the method of `rpc`, or a batch command that the server does not have. */
  NOT_FOUND: 104,
  /** A required field is empty, a value is invalid, or the namespace is of another type. */
  BAD_REQUEST: 107,
  /** Presence, history or the like is turned off for the channel. */
  NOT_AVAILABLE: 108,
  /** The position that was asked for is gone: another epoch, or trimmed. */
  UNRECOVERABLE_POSITION: 112,
  /** Somebody else's: the owner guard of `deviceTopicUpdate` (PRO). */
  CONFLICT: 113,
} as const;

/** Any of the values of {@link ErrorCode}. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * Whether a caught value is an error of this SDK, even one from another copy of the package, for which `instanceof`
 * says no. Tell them apart by `name` then.
 */
export function isCentError(value: unknown): value is CentError {
  return value instanceof Error && brand in value;
}
