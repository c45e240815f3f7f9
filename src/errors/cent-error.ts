import type { SchemaIssue } from "../channels/standard-schema.ts";
import { apiErrorMessage, apiErrorText } from "./hints.ts";
import { retryAfterMs } from "./retry-after-ms.ts";

/** On the prototype of each class, with its name: the same key in all copies of the package. */
const brand = Symbol.for("tscent.CentError");

/** Options of the errors' constructors. */
export interface CentErrorOptions {
  /** The client's method that failed: `publish`. */
  method?: string | undefined;
  cause?: unknown;
  /** Default false. */
  maybeExecuted?: boolean | undefined;
  /** Default 0. */
  attempts?: number | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The base class of all errors that a call rejects with, except the reason of an aborted signal. The class itself is used
 * when an interceptor or `onRetry` failed.
 */
export class CentError extends Error {
  override readonly name: string = "CentError";
  /** The client's method that failed: `publish`. Undefined if no method was called. */
  readonly method: string | undefined;
  /** False if the server certainly executed none of the call's attempts. */
  readonly maybeExecuted: boolean;
  /** How often the request was given to the transport; 0 if the call failed earlier. */
  readonly attempts: number;
  /** The reply's headers and gRPC trailers, names in lower case; undefined without a reply. Not enumerable. */
  declare readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(message: string, options: CentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { method, maybeExecuted = false, attempts = 0, headers } = options;
    this.method = method;
    this.maybeExecuted = maybeExecuted;
    this.attempts = attempts;
    // Enumerable headers would be the largest part of a logged error.
    if (headers !== undefined) Object.defineProperty(this, "headers", { value: headers, writable: true });
  }

  /** The reply's `Retry-After` in milliseconds; undefined without that header. */
  get retryAfterMs(): number | undefined {
    return retryAfterMs(this.headers?.["retry-after"]);
  }

  /** The message and properties without headers, cause and stack, for logs and queues. */
  toJSON(): object {
    const { message } = this;
    return Object.assign({ message }, this);
  }
}

/** The connection to Centrifugo failed, or was lost before the reply was complete. */
export class CentNetworkError extends CentError {
  override readonly name = "CentNetworkError";
  /** The code from Node.js or undici: `ECONNREFUSED`, `CERT_HAS_EXPIRED` …; undefined if the cause has none. */
  readonly code: string | undefined;

  constructor(message: string, options: CentErrorOptions & { code?: string | undefined } = {}) {
    super(message, options);
    this.code = options.code;
  }
}

/** The call was refused because `maxQueued` calls are waiting already. */
export class CentQueueFullError extends CentError {
  override readonly name = "CentQueueFullError";
}

/** No complete reply came within `timeoutMs`, or the server ended the call at the deadline. */
export class CentTimeoutError extends CentError {
  override readonly name = "CentTimeoutError";
}

/** The API key or the bearer token is missing or wrong: HTTP 401, gRPC UNAUTHENTICATED. */
export class CentUnauthorizedError extends CentError {
  override readonly name = "CentUnauthorizedError";
}

/** A reply with an HTTP or gRPC status other than success, and no API error, from Centrifugo or a proxy in front of it. */
export class CentTransportError extends CentError {
  override readonly name: string = "CentTransportError";
  /** The HTTP status; undefined if a gRPC status came. */
  readonly httpStatus: number | undefined;
  /** The gRPC status, 0 to 16, or 2 (UNKNOWN) if the reply had none; undefined if only an HTTP status came. */
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
 * The server does not have the method: HTTP 404, gRPC UNIMPLEMENTED. The server is too old, the method exists in
 * Centrifugo PRO only, or `url` is not the address of the API.
 */
export class CentUnimplementedError extends CentTransportError {
  override readonly name = "CentUnimplementedError";
}

/** The reply does not match the schema: not JSON or protobuf, cut short, too large, or without result and error. */
export class CentDecodeError extends CentError {
  override readonly name = "CentDecodeError";
  /** The words of the schema about the data, see {@link CentRequestError.issues}. Not enumerable. */
  declare readonly issues: readonly SchemaIssue[] | undefined;

  constructor(message: string, options: CentErrorOptions & IssuesOption = {}) {
    super(message, options);
    keepIssues(this, options);
  }
}

/** Centrifugo answered with an API error. `message` names the method, channel and code, and says what to do. */
export class CentApiResponseError extends CentError {
  override readonly name = "CentApiResponseError";
  /** The server's error code: one of {@link ErrorCode}, or a newer one. */
  readonly code: number;
  /** The server's own words: `not available`. */
  readonly serverMessage: string;
  /** The channel in the request; undefined if it had none, or several. */
  readonly channel: string | undefined;

  constructor(
    code: number,
    serverMessage: string,
    options: CentErrorOptions & { channel?: string | undefined } = {},
  ) {
    super(apiErrorMessage({ code, serverMessage, ...options }), options);
    this.code = code;
    this.serverMessage = serverMessage;
    this.channel = options.channel;
  }
}

/**
 * Nothing was sent: a field or option is unknown, missing or wrong, or the client is closed. A run that `close()` ends, or
 * that is iterated too late, has this error, too; its `maybeExecuted` is true if the run may have sent something.
 */
export class CentRequestError extends CentError {
  override readonly name = "CentRequestError";
  /** The field or option: `commands[2].publish.data`. Undefined if the error is not about one. */
  readonly field: string | undefined;
  /**
   * All that the schema of a channel says of the data, as the schema's library made it; undefined if the error is another one.
   * Not enumerable, as some libraries put the data into it.
   */
  declare readonly issues: readonly SchemaIssue[] | undefined;

  constructor(
    message: string,
    options: CentErrorOptions & IssuesOption & { field?: string | undefined } = {},
  ) {
    super(message, options);
    this.field = options.field;
    keepIssues(this, options);
  }
}

/** The words of a schema about the data. */
interface IssuesOption {
  issues?: readonly SchemaIssue[] | undefined;
}

function keepIssues(error: CentError, { issues }: IssuesOption): void {
  // Writable, as hiding the key replaces them.
  if (issues !== undefined) Object.defineProperty(error, "issues", { value: issues, writable: true });
}

/**
 * Thrown by `paginate` if the next page does not continue the page before: the stream has another epoch, or what comes next was
 * trimmed. The cause is the server's error, if it noticed.
 */
export class CentPositionError extends CentError {
  override readonly name = "CentPositionError";
  /** The place after the last page that was read; of a map's state, the place of its first page. */
  readonly position: { readonly offset: number | bigint; readonly epoch: string };
  /** The channel in the request. */
  readonly channel: string | undefined;

  constructor(
    message: string,
    options: CentErrorOptions & {
      position: { readonly offset: number | bigint; readonly epoch: string };
      channel?: string | undefined;
    },
  ) {
    super(message, options);
    this.position = options.position;
    this.channel = options.channel;
  }

  /** A bigint becomes a text, as JSON has no form for it. */
  override toJSON(): object {
    const { offset, epoch } = this.position;
    const shown = typeof offset === "bigint" ? `${offset}` : offset;
    return { ...super.toJSON(), position: { offset: shown, epoch } };
  }
}

/** A failed item of a batch or a broadcast. */
export interface Failure {
  /** The place of the command in the batch, or of the channel in the broadcast, from 0. */
  readonly index: number;
  readonly error: CentApiResponseError;
}

/** Thrown by `unwrap` if items of a batch or a broadcast failed. The server executed the other items. */
export class CentPartialError extends CentError {
  override readonly name = "CentPartialError";
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[], total: number) {
    const shown = failures.slice(0, 3).map(({ index, error }) => `[${index}] ${apiErrorText(error)}`);
    const more = failures.length > shown.length ? `, and ${failures.length - shown.length} more` : "";
    super(`${failures.length} of ${total} failed: ${shown.join(", ")}${more}`, {
      cause: failures[0]?.error,
      maybeExecuted: failures.some(({ error }) => error.maybeExecuted),
      attempts: failures[0]?.error.attempts,
    });
    this.failures = failures;
  }
}

const classes = {
  CentError,
  CentNetworkError,
  CentQueueFullError,
  CentTimeoutError,
  CentUnauthorizedError,
  CentTransportError,
  CentUnimplementedError,
  CentDecodeError,
  CentApiResponseError,
  CentRequestError,
  CentPositionError,
  CentPartialError,
};
for (const [name, { prototype }] of Object.entries(classes))
  Object.defineProperty(prototype, brand, { value: name });

/**
 * The `instanceof` of the classes. A process with `import` and `require` has two copies of the package, so our classes compare
 * brands. A user's subclass has no brand of its own.
 */
function hasInstance(this: typeof CentError, value: unknown): boolean {
  const name = ownBrand(this.prototype);
  if (name === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
  let part = value;
  while (typeof part === "object" && part !== null && ownBrand(part) !== name)
    part = Object.getPrototypeOf(part);
  return typeof part === "object" && part !== null;
}

function ownBrand(prototype: object): unknown {
  return Object.getOwnPropertyDescriptor(prototype, brand)?.value;
}

// In the class itself, it would change how TypeScript narrows by `instanceof`.
Object.defineProperty(CentError, Symbol.hasInstance, { value: hasInstance });

/** The codes of {@link CentApiResponseError} in Centrifugo 6.9. A newer server may have others. */
export const ErrorCode = {
  /** A failure inside the server or its broker. The only code worth a retry. */
  INTERNAL: 100,
  /** The channel's namespace is not configured. */
  UNKNOWN_CHANNEL: 102,
  /** Unknown method of `rpc`, or unknown command of a batch. */
  NOT_FOUND: 104,
  /** A required field is empty, a value is invalid, or the namespace is of another type. */
  BAD_REQUEST: 107,
  /** The feature, such as presence or history, is turned off for the channel. */
  NOT_AVAILABLE: 108,
  /** The position is gone: the epoch is another, or the history was trimmed. */
  UNRECOVERABLE_POSITION: 112,
  /** Refused by the owner guard of `deviceTopicUpdate` (PRO). */
  CONFLICT: 113,
} as const;

/** A value of {@link ErrorCode}. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * Whether a caught value is an error of this SDK. Like `instanceof` with each class, it also knows errors of another copy of
 * the package: a process that uses `import` and `require` has two.
 */
export function isCentError(value: unknown): value is CentError {
  return value instanceof Error && brand in value;
}
