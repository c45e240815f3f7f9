import type { Message } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { asFirstReply } from "../codec/idempotency.ts";
import { channelOf } from "../codec/message-fields.ts";
import type { CentError } from "../errors/cent-error.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
import type { CallRecord } from "../errors/map-error.ts";
import type { EndableWork } from "../limits/run-within.ts";
import { asUnprocessed, msUntil, runWithin } from "../limits/run-within.ts";
import { isOneOfMany } from "../limits/stack-traces.ts";
import type { AuthorizationHeader, Authorize } from "../options/authorization.ts";
import type { CallLimits } from "../options/call-options.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import type { Reply } from "./reply.ts";
import { ReceivedReply } from "./reply.ts";
import type { Retries } from "./retries.ts";
import { callError, SendFailure } from "./send-failure.ts";

/**
 * Sends a request, with retries by the call's options. It resolves to the reply, or rejects with a SendFailure.
 *
 * @param granted the authorization header, if it is known already; no attempt asks for the key then
 */
export type Send = (
  method: Method,
  message: Message,
  limits: CallLimits,
  granted?: AuthorizationHeader,
) => Promise<Reply>;

export interface SendContext {
  readonly table: MethodTable;
  readonly transport: Transport;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorize: Authorize;
  readonly secrets: SentSecrets;
  readonly retries: Retries;
  /** Holds work between attempts: delays, and waits for a key. Closing the client ends it. */
  readonly waits: Set<EndableWork>;
}

export function createSend(given: SendContext): Send {
  const context = { ...given, join: headerJoiner(given.headers) };
  return (method, message, limits, granted) =>
    new Sending(context, method, message, limits, granted).attempt();
}

/** One request and its attempts. The state of an async function would take five times the memory of this object. */
class Sending {
  readonly #context: JoiningContext;
  readonly #method: Method;
  readonly #message: Message;
  readonly #limits: CallLimits;
  readonly #granted: AuthorizationHeader | undefined;
  readonly #begun = performance.now();
  #attempt = 0;
  #authorization: string | undefined;
  #maybeExecuted = false;

  constructor(
    context: JoiningContext,
    method: Method,
    message: Message,
    limits: CallLimits,
    granted: AuthorizationHeader | undefined,
  ) {
    this.#context = context;
    this.#method = method;
    this.#message = message;
    this.#limits = limits;
    this.#granted = granted;
    context.retries.countCall(this.#begun);
  }

  attempt(): Promise<Reply> {
    this.#attempt++;
    const { authorize, waits } = this.#context;
    const key = this.#granted ?? authorize();
    const msLeft = this.#attempt === 1 ? this.#limits.timeoutMs : this.#msLeft;
    if (!(key instanceof Promise)) return this.#send(key, msLeft);
    // Waiting for the key uses up the call's time.
    return runWithin(msLeft, this.#limits.signal, () => key, waits).then(
      (header) => this.#send(header, this.#msLeft),
      (reason: unknown) => this.#fail(reason, this.#attempt - 1),
    );
  }

  #send(key: AuthorizationHeader, msLeft: number): Promise<Reply> {
    const { transport, join, secrets } = this.#context;
    const { signal, header, retry, trace } = this.#limits;
    const sent = join(key, trace === undefined ? header : trace.attempt(header));
    this.#authorization = sent.authorization;
    secrets.add(sent.authorization);
    // Centrifugo also accepts a key in this header.
    secrets.add(sent["x-api-key"]);
    const within = shorter(msLeft, retry?.attemptTimeoutMs);
    return transport.unary(this.#method.rpc, signal, within, sent, this.#message).then(
      (response) => this.#receive(response),
      (reason: unknown) => this.#fail(reason, this.#attempt),
    );
  }

  #receive(response: unknown): Reply | Promise<Reply> {
    const { rpc, name } = this.#method;
    let reply: ReceivedReply;
    try {
      reply = new ReceivedReply(response, rpc, this.#attempt, this.#maybeExecuted, this.#authorization);
    } catch (reason) {
      return this.#fail(reason, this.#attempt);
    }
    const error = reply.internalError(name, channelOf(this.#message));
    if (error === undefined) {
      if (this.#maybeExecuted) asFirstReply(this.#context.table, reply.message);
      return reply;
    }
    this.#context.secrets.hideIn(error, this.#authorization);
    return this.#again(error) ?? reply;
  }

  /** @param attempts how often the request was given to the transport */
  #fail(reason: unknown, attempts: number): Promise<Reply> {
    const { retry, timeoutMs, signal } = this.#limits;
    // All text from outside that an error of this request can show is in `reason`. Two kinds are skipped: a time limit
    // has no such text, and an abort holds the caller's own reason.
    if (!isOneOfMany(reason) && !signal?.aborted) this.#context.secrets.hideIn(reason, this.#authorization);
    // The function for the key failed, so this attempt was not sent.
    if (attempts < this.#attempt) asUnprocessed(Object(reason));
    const key = attempts === 0 ? undefined : keyIn(this.#authorization);
    const channel = channelOf(this.#message);
    const record = { attempts, maybeExecuted: this.#maybeExecuted, key, channel };
    const failure = new SendFailure(reason, record);
    const isLast = retry === undefined || (timeoutMs > 0 && performance.now() >= this.#begun + timeoutMs);
    const again = isLast ? undefined : this.#again(callError(failure, this.#method.name));
    if (again === undefined) throw failure;
    return again;
  }

  /** The next attempt, after its delay; undefined if there is none. */
  #again(error: CentError): Promise<Reply> | undefined {
    const { retries } = this.#context;
    const deadline = this.#begun + this.#limits.timeoutMs;
    const waited = retries.wait(this.#method, this.#message, error, this.#attempt, this.#limits, deadline);
    return waited?.then(() => {
      this.#maybeExecuted = error.maybeExecuted;
      return this.attempt();
    });
  }

  /** Milliseconds that the call has left; 0 for no limit. */
  get #msLeft(): number {
    const { timeoutMs } = this.#limits;
    return timeoutMs && msUntil(this.#begun + timeoutMs);
  }
}

type HeaderRecord = Readonly<Record<string, string>>;
type JoiningContext = SendContext & { readonly join: ReturnType<typeof headerJoiner> };

/** Joins the headers of a request. Most requests reuse the headers of the last one. */
function headerJoiner(client: HeaderRecord) {
  let last: AuthorizationHeader | undefined;
  let joined: HeaderRecord = client;
  return (key: AuthorizationHeader, call: HeaderRecord | undefined): HeaderRecord => {
    if (call !== undefined) return { ...key, ...client, ...call };
    if (key !== last) joined = { ...key, ...client };
    last = key;
    return joined;
  };
}

/** The option that an `authorization` header came from. */
function keyIn(authorization: string | undefined): CallRecord["key"] {
  if (authorization === undefined) return "none";
  return authorization.startsWith("Bearer ") ? "bearerToken" : "apiKey";
}

/** The shorter of two time limits; 0 means no limit. */
function shorter(ms: number, other = 0): number {
  return ms === 0 || (other > 0 && other < ms) ? other : ms;
}
