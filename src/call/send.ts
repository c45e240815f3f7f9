import type { Message } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { asFirstReply } from "../codec/idempotency.ts";
import type { CentError } from "../errors/cent-error.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
import type { EndableWork } from "../limits/run-within.ts";
import { asUnprocessed, msUntil, runWithin } from "../limits/run-within.ts";
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
export function createSend(context: SendContext): Send {
  const { table, transport, headers, authorize, secrets, retries, waits } = context;
  return async (method, message, limits, granted) => {
    const { signal, timeoutMs, header, retry } = limits;
    const begun = performance.now();
    const deadline = begun + timeoutMs;
    retries.countCall(begun);
    let maybeExecuted = false;
    for (let attempt = 1; ; attempt++) {
      let sent: Readonly<Record<string, string>> | undefined;
      let reply: ReceivedReply | undefined;
      let failure: SendFailure | undefined;
      let error: CentError | undefined;
      try {
        let msLeft = attempt === 1 ? timeoutMs : timeoutMs && msUntil(deadline);
        let key = granted ?? authorize();
        if (key instanceof Promise) {
          // The time that the key takes counts to the call's deadline.
          const asked = key;
          key = await runWithin(msLeft, signal, () => asked, waits);
          msLeft = timeoutMs && msUntil(deadline);
        }
        sent = { ...key, ...headers, ...header };
        secrets.add(sent.authorization);
        const within = shorter(msLeft, retry?.attemptTimeoutMs);
        const response = await transport.unary(method.rpc, signal, within, sent, message);
        reply = new ReceivedReply(response, method.rpc, attempt, maybeExecuted);
        error = reply.internalError(method.name);
        if (error === undefined) {
          if (maybeExecuted) asFirstReply(table, reply.message);
          return reply;
        }
      } catch (reason) {
        const key = sent?.authorization;
        // All that comes from outside in an error of this request is in here.
        secrets.hideIn(reason);
        if (sent === undefined) asUnprocessed(Object(reason));
        const attempts = sent === undefined ? attempt - 1 : attempt;
        failure = new SendFailure(reason, { attempts, maybeExecuted, withKey: key !== undefined });
        error = callError(failure, method.name);
      }
      if (!(await retries.permit(method, message, error, attempt, limits, deadline))) {
        if (reply !== undefined) return reply;
        throw failure;
      }
      maybeExecuted = error.maybeExecuted;
    }
  };
}

/** The shorter of two time limits; 0 is none. */
function shorter(ms: number, other = 0): number {
  return ms === 0 || (other > 0 && other < ms) ? other : ms;
}
