/** A refusal, as the client of an end user sees it: by a handler of the proxy, or by Centrifugo itself. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  /** "error" for an error of the command, "disconnect" for the end of the connection. */
  readonly kind: "error" | "disconnect";
  /** The code of the error or disconnect. */
  readonly code: number;
  /** Whether the client may try again: it connects or subscribes again by itself. */
  readonly temporary: boolean;

  /** Made by the test server. */
  constructor(kind: "error" | "disconnect", code: number, message: string, temporary: boolean) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.temporary = temporary;
  }
}

const messages: Readonly<Record<number, string>> = {
  100: "internal server error",
  102: "unknown channel",
  103: "permission denied",
  104: "method not found",
  105: "already subscribed",
  107: "bad request",
  108: "not available",
  109: "token expired",
  110: "expired",
};

/** An error of Centrifugo itself. */
export function refused(code: number): RefusedError {
  return new RefusedError("error", code, messages[code] ?? `error ${code}`, code === 100);
}

/** A disconnect, after which the client connects again below 3500, and between 4000 and 4499. */
export function disconnected(code: number, reason: string): RefusedError {
  return new RefusedError("disconnect", code, reason, code < 3500 || (code >= 4000 && code < 4500));
}
