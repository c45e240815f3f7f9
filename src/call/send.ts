import type { Message } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { asFirstReply } from "../codec/idempotency.ts";
import type { CentError } from "../errors/cent-error.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
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
 * Sends a request, and sends it again where the retry options of the call say so. It gives the reply, and rejects with a
 * SendFailure.
 *
 * @param granted the header that authorizes the request, where the key was asked for before
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
  /** Holds the work that goes on between requests, to be ended with the client. */
  readonly waits: Set<EndableWork>;
}

/** Sends requests over a transport, with the key that the options have or give. */
export function createSend(given: SendContext): Send {
  const context = { ...given, join: headerJoiner(given.headers) };
  return (method, message, limits, granted) =>
    new Sending(context, method, message, limits, granted).attempt();
}

/** One request, and the attempts at it. It is an object, as the state of an async function takes five times the memory. */
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
    // The time that the key takes counts to the call's deadline.
    return runWithin(msLeft, this.#limits.signal, () => key, waits).then(
      (header) => this.#send(header, this.#msLeft),
      (reason: unknown) => this.#fail(reason, this.#attempt - 1),
    );
  }

  #send(key: AuthorizationHeader, msLeft: number): Promise<Reply> {
    const { transport, join, secrets } = this.#context;
    const { signal, header, retry } = this.#limits;
    const sent = join(key, header);
    this.#authorization = sent.authorization;
    secrets.add(sent.authorization);
    // Centrifugo takes a key in this header as well.
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
    const error = reply.internalError(name);
    if (error === undefined) {
      if (this.#maybeExecuted) asFirstReply(this.#context.table, reply.message);
      return reply;
    }
    this.#context.secrets.hideIn(error, this.#authorization);
    return this.#again(error) ?? reply;
  }

  /** @param attempts how often the transport was given the request */
  #fail(reason: unknown, attempts: number): Promise<Reply> {
    const { retry, timeoutMs, signal } = this.#limits;
    // All that comes from outside in an error of this request is in here. A time limit says nothing of that, and an abort has
    // the caller's own reason in it.
    if (!isOneOfMany(reason) && !signal?.aborted) this.#context.secrets.hideIn(reason, this.#authorization);
    // The key did not come, so nothing of this attempt was sent.
    if (attempts < this.#attempt) asUnprocessed(Object(reason));
    const withKey = attempts === 0 || this.#authorization !== undefined;
    const record = { attempts, maybeExecuted: this.#maybeExecuted, withKey };
    const failure = new SendFailure(reason, record);
    const isLast = retry === undefined || (timeoutMs > 0 && performance.now() >= this.#begun + timeoutMs);
    const again = isLast ? undefined : this.#again(callError(failure, this.#method.name));
    if (again === undefined) throw failure;
    return again;
  }

  /** The next attempt, after a delay; undefined where there is none. */
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

/** Joins all headers of a request. Most requests have those of the one before. */
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

/** The shorter of two time limits; 0 is none. */
function shorter(ms: number, other = 0): number {
  return ms === 0 || (other > 0 && other < ms) ? other : ms;
}
