import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { runWithin } from "./call-limits.ts";
import { checkCallOptions, throwIfAborted } from "./call-options.ts";
import type { CheckedOptions } from "./check-options.ts";
import { encodeRequest } from "./encode-request.ts";
import { authorization, checkHeaders } from "./headers.ts";
import { hideSecret } from "./hide-secret.ts";
import { mapError } from "./map-error.ts";
import type { Method, MethodTable } from "./methods.ts";
import { createPayload } from "./payload.ts";
import { decodeFailure } from "./transport-failure.ts";
import type { CallOptions } from "./types.ts";
import { walkResponse } from "./walk-result.ts";

/** Makes a call: the one way that all methods take, over all transports. */
export type Call = (method: Method, request?: unknown, options?: CallOptions) => Promise<object>;

export function createCall(table: MethodTable, transport: Transport, options: CheckedOptions): Call {
  const { int64, headers } = options;
  const payload = createPayload(options.json);
  const authorize = authorization(options.apiKey, options.bearerToken);

  async function unary(
    { rpc }: Method,
    message: Message,
    { signal, timeoutMs = options.timeoutMs, headers: own }: CallOptions,
    sent: Sent,
  ): Promise<Message> {
    const send = async (granted: Header, left: number) => {
      sent.header = { ...granted, ...headers, ...checkHeaders(own) };
      return responseMessage(await transport.unary(rpc, signal, left, sent.header, message), rpc);
    };
    const granted = authorize();
    if (!(granted instanceof Promise)) return send(granted, timeoutMs);
    // Asking for the key is a part of the call, and so of its deadline.
    const deadline = performance.now() + timeoutMs;
    return runWithin(timeoutMs, signal, async () => {
      const header = await granted;
      return send(header, timeoutMs && Math.max(1, Math.ceil(deadline - performance.now())));
    });
  }

  return async (method, request = {}, given = {}) => {
    const sent: Sent = { header: {} };
    try {
      const message = encodeRequest(table, method, request, payload);
      checkCallOptions(given);
      throwIfAborted(given.signal);
      const response = await unary(method, message, given, sent);
      return walkResponse(table, method, message, response, { payload, int64 });
    } catch (thrown) {
      // Whatever came of it, the caller asked for an end; the call rejects with the caller's reason, as fetch does.
      throwIfAborted(given?.signal);
      const { authorization: granted } = sent.header;
      const error = mapError(thrown, method.name, granted !== undefined);
      hideSecret(error, granted?.split(" ")[1]);
      throw error;
    }
  };
}

type Header = Readonly<Record<string, string>>;

/** What went out with a call. */
interface Sent {
  header: Header;
}

/** The message of a response, which an interceptor or a caller's transport may have made up. */
function responseMessage(response: unknown, { output }: Method["rpc"]): Message {
  const message: unknown =
    typeof response === "object" && response !== null && "message" in response && response.message;
  if (!isMessage(message, output)) throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
  return message;
}
