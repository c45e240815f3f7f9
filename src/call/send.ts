import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { SentSecrets } from "../errors/hide-secret.ts";
import { msUntil, runWithin } from "../limits/run-within.ts";
import type { CallLimits } from "../options/call-options.ts";
import type { CheckedOptions } from "../options/check-client-options.ts";
import type { Method } from "../schema/method-table.ts";
import { decodeFailure } from "../transport/transport-failure.ts";
import { authorization } from "./authorization.ts";

/** Sends a request, and gives the message of the response. It rejects with a SendFailure. */
export type Send = (method: Method, message: Message, limits: CallLimits) => Promise<Message>;

/** Why a request has no response, and how far it had come. */
export class SendFailure {
  /** What the transport threw, or the key's function. */
  readonly reason: unknown;
  /** Whether the request was given to the transport. It is not as long as there is no key to send. */
  readonly wasSent: boolean;
  readonly withKey: boolean;

  constructor(reason: unknown, header: Readonly<Record<string, string>> | undefined) {
    this.reason = reason;
    this.wasSent = header !== undefined;
    this.withKey = header?.authorization !== undefined;
  }
}

/** Sends requests over a transport, with the key that the options have or give. */
export function createSend(transport: Transport, options: CheckedOptions, secrets: SentSecrets): Send {
  const { apiKey, bearerToken, headers } = options;
  const authorize = authorization(apiKey, bearerToken);
  return async ({ rpc }, message, { signal, timeoutMs, header }) => {
    let sent: Readonly<Record<string, string>> | undefined;
    try {
      let granted = authorize();
      let msLeft = timeoutMs;
      if (granted instanceof Promise) {
        // Asking for the key is a part of the call, and so of its deadline.
        const deadline = performance.now() + timeoutMs;
        const asked = granted;
        granted = await runWithin(timeoutMs, signal, () => asked);
        msLeft = timeoutMs && msUntil(deadline);
      }
      sent = { ...granted, ...headers, ...header };
      secrets.add(sent.authorization);
      return responseMessage(await transport.unary(rpc, signal, msLeft, sent, message), rpc);
    } catch (reason) {
      throw new SendFailure(reason, sent);
    }
  };
}

/** The message of a response, which an interceptor or a caller's transport may have made up. */
function responseMessage(response: unknown, { output }: Method["rpc"]): Message {
  const message: unknown =
    typeof response === "object" && response !== null && "message" in response && response.message;
  if (!isMessage(message, output)) throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
  return message;
}
