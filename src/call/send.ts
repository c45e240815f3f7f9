import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Deadlines } from "../limits/deadlines.ts";
import { runWithin } from "../limits/run-within.ts";
import type { CheckedOptions } from "../options/check-client-options.ts";
import type { Method } from "../schema/method-table.ts";
import { decodeFailure } from "../transport/transport-failure.ts";
import { authorization } from "./authorization.ts";

export type Header = Readonly<Record<string, string>>;

/** What ends a call, and what goes with it. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  /** In milliseconds; 0 for no limit. */
  readonly timeoutMs: number;
  /** The call's own headers. */
  readonly header: Header | undefined;
}

/** What went out with a call. */
export interface Sent {
  header: Header;
}

/** What was sent before anything is. */
export const nothingSent: Readonly<Sent> = Object.freeze({ header: {} });

/** Sends a request, and gives the message of the response. It rejects with whatever the transport throws. */
export type Send = (method: Method, message: Message, limits: Limits, sent: Sent) => Promise<Message>;

/** Sends requests over a transport, with the key that the options have or give. */
export function createSend(transport: Transport, options: CheckedOptions, deadlines: Deadlines): Send {
  const { apiKey, bearerToken, headers } = options;
  const authorize = authorization(apiKey, bearerToken);
  return async ({ rpc }, message, { signal, timeoutMs, header }, sent) => {
    let granted = authorize();
    let left = timeoutMs;
    if (granted instanceof Promise) {
      // Asking for the key is a part of the call, and so of its deadline.
      const deadline = performance.now() + timeoutMs;
      const asked = granted;
      granted = await runWithin(deadlines, timeoutMs, signal, () => asked);
      left = timeoutMs && timeLeft(deadline);
    }
    sent.header = { ...granted, ...headers, ...header };
    return responseMessage(await transport.unary(rpc, signal, left, sent.header, message), rpc);
  };
}

/** Milliseconds until a deadline, as time limits have them: one at least, for 0 is no limit. */
export function timeLeft(deadline: number): number {
  return Math.max(1, Math.ceil(deadline - performance.now()));
}

/** The message of a response, which an interceptor or a caller's transport may have made up. */
function responseMessage(response: unknown, { output }: Method["rpc"]): Message {
  const message: unknown =
    typeof response === "object" && response !== null && "message" in response && response.message;
  if (!isMessage(message, output)) throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
  return message;
}
