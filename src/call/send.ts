import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { CentError } from "../errors/cent-error.ts";
import { hideSecret, type SentSecrets, secretIn } from "../errors/hide-secret.ts";
import { mapError } from "../errors/map-error.ts";
import { msUntil, runWithin } from "../limits/run-within.ts";
import { authorization } from "../options/authorization.ts";
import type { CallLimits } from "../options/call-options.ts";
import type { CheckedClientOptions } from "../options/check-client-options.ts";
import type { Method } from "../schema/method-table.ts";
import { decodeFailure } from "../transport/transport-failure.ts";

/** Sends a request, and gives the message of the response. It rejects with a SendFailure. */
export type Send = (method: Method, message: Message, limits: CallLimits) => Promise<Message>;

/** Why a request has no response, and whether it was sent. */
export class SendFailure {
  /** The error of the transport, or of the function that is asked for the key. */
  readonly reason: unknown;
  /** Whether the transport was given the request, for which the key must be there. */
  readonly wasSent: boolean;
  readonly withKey: boolean;

  constructor(reason: unknown, header: Readonly<Record<string, string>> | undefined) {
    this.reason = reason;
    this.wasSent = header !== undefined;
    this.withKey = header?.authorization !== undefined;
  }
}

/** The error that a call rejects with for what was thrown in it. */
export function callError(thrown: unknown, method: string): CentError {
  if (!(thrown instanceof SendFailure)) return mapError(thrown, method);
  return mapError(thrown.reason, method, thrown.withKey);
}

/** Sends requests over a transport, with the key that the options have or give. */
export function createSend(transport: Transport, options: CheckedClientOptions, secrets: SentSecrets): Send {
  const { apiKey, bearerToken, headers } = options;
  const authorize = authorization(apiKey, bearerToken);
  return async ({ rpc }, message, { signal, timeoutMs, header }) => {
    let sent: Readonly<Record<string, string>> | undefined;
    try {
      let granted = authorize();
      let msLeft = timeoutMs;
      if (granted instanceof Promise) {
        // The time that the key takes counts to the call's deadline.
        const deadline = performance.now() + timeoutMs;
        const asked = granted;
        granted = await runWithin(timeoutMs, signal, () => asked);
        msLeft = timeoutMs && msUntil(deadline);
      }
      sent = { ...granted, ...headers, ...header };
      secrets.add(sent.authorization);
      return responseMessage(await transport.unary(rpc, signal, msLeft, sent, message), rpc);
    } catch (reason) {
      if (sent?.authorization !== undefined) hideSecret(reason, secretIn(sent.authorization));
      throw new SendFailure(reason, sent);
    }
  };
}

/** The message of a response, which an interceptor or a caller's transport may have made up. */
function responseMessage(response: unknown, { output }: Method["rpc"]): Message {
  const message = (response as { readonly message?: unknown } | null | undefined)?.message;
  if (!isMessage(message, output)) throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
  return message;
}
