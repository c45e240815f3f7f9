import type { Denial, Disconnection, Expiration } from "./handler-types.ts";

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
/** The code itself if it is of a form, or known as a `number` only; `never` for another literal. */
type CodeOf<Code extends number, Form extends string> = number extends Code
  ? Code
  : `${Code}` extends Form
    ? Code
    : never;
type ErrorForm = `${4 | 5 | 6 | 7 | 8 | 9}${Digit}${Digit}` | `1${Digit}${Digit}${Digit}`;
type DisconnectForm = `4${Digit}${Digit}${Digit}`;
/** The text itself; `never` for a literal of more than 123 characters, which have as many bytes at least. */
type Reason<Text extends string, Rest extends string = Text, N extends 0[] = []> = N["length"] extends 124
  ? never
  : Rest extends `${string}${infer Others}`
    ? Reason<Text, Others, [...N, 0]>
    : Text;

/** Options of {@link deny}. */
export interface DenyOptions<Code extends number = number> {
  /** 400 to 1999; 403 by default. */
  readonly code?: CodeOf<Code, ErrorForm> | undefined;
  /** Lets the client try again, with growing delays. False by default. */
  readonly temporary?: boolean | undefined;
}

// Marks what the functions below make, also for another copy of the package. Data of a client never has the mark.
const mark = Symbol.for("tscent.proxy.refusal");
const mostReasonBytes = 123;

/**
 * Refuses with an error that the client sees. Handlers return or throw it.
 *
 * @param message text for the client; `permission denied` by default
 * @throws RangeError for a code outside of 400 to 1999, TypeError for a message that is no text
 */
export function deny<const Code extends number = 403>(
  message = "permission denied",
  { code, temporary = false }: DenyOptions<Code> = {},
): Denial {
  expectText("deny: message", message);
  const given: number = code === undefined ? 403 : code;
  expectCode("deny", given, 400, 1999);
  return marked({ kind: "deny", code: given, message, temporary: temporary === true });
}

/**
 * Closes the client's connection. Handlers return or throw it.
 *
 * @param code 4000 to 4499 lets the client connect again, 4500 to 4999 is final
 * @param reason text for the client, at most 123 bytes in UTF-8; with a longer one, clients would always connect again
 * @throws RangeError for another code or a longer reason, TypeError for a reason that is no text
 */
export function disconnect<const Code extends number, const Text extends string>(
  code: CodeOf<Code, DisconnectForm>,
  reason: Reason<Text>,
): Disconnection {
  expectCode("disconnect", code, 4000, 4999);
  expectText("disconnect: reason", reason);
  const { length } = new TextEncoder().encode(reason);
  if (length > mostReasonBytes)
    throw new RangeError(`disconnect: reason: expected at most ${mostReasonBytes} bytes, got ${length}`);
  return marked({ kind: "disconnect", code, reason });
}

/** Ends a connection or subscription, in the handlers of `refresh` and `subRefresh`. */
export function expired(): Expiration {
  return marked({ kind: "expired" });
}

/** Whether a value is what `deny`, `disconnect` or `expired` made. */
export function isRefusal(value: unknown): value is Denial | Disconnection | Expiration {
  return typeof value === "object" && value !== null && mark in value;
}

const marked = <Refusal extends object>(refusal: Refusal): Refusal =>
  Object.freeze(Object.defineProperty(refusal, mark, { value: true }));

/** Centrifugo's own error for data that it cannot take. `deny` has no codes of the server. */
export const badRequest = marked<Denial>({
  kind: "deny",
  code: 107,
  message: "bad request",
  temporary: false,
});

function expectCode(name: string, code: number, least: number, most: number): void {
  if (!Number.isInteger(code) || code < least || code > most)
    throw new RangeError(`${name}: code: expected ${least} to ${most}, got ${String(code)}`);
}

function expectText(place: string, text: unknown): void {
  if (typeof text !== "string" || !text.isWellFormed())
    throw new TypeError(`${place}: expected a string without half a surrogate pair`);
}
