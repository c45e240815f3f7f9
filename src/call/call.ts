import { encodeRequest } from "../codec/encode-request.ts";
import { createPayload } from "../codec/payload.ts";
import type { CallOptions } from "../options/call-options.ts";
import { checkCallOptions, throwIfAborted } from "../options/call-options.ts";
import type { CheckedOptions } from "../options/check-client-options.ts";
import { checkHeaders } from "../options/headers.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { callError } from "./call-error.ts";
import type { Lifetime } from "./calls-under-way.ts";
import type { Send, Sent } from "./send.ts";
import { walkResponse } from "./walk-response.ts";

const none: CallOptions = {};

/** Makes a call: the one way that all methods take, over all transports. */
export type Call = (method: Method, request?: unknown, options?: CallOptions) => Promise<object>;

export function createCall(
  table: MethodTable,
  send: Send,
  options: CheckedOptions,
  lifetime: Lifetime,
): Call {
  const { int64 } = options;
  const payload = createPayload(options.json);
  const results = { payload, int64 };
  return async (method, request = {}, given = none) => {
    lifetime.enter(method.name);
    const sent: Sent = { header: {} };
    try {
      const message = encodeRequest(table, method, request, payload);
      if (given !== none) checkCallOptions(given);
      const { signal, timeoutMs = options.timeoutMs, headers } = given;
      throwIfAborted(signal);
      const header = headers === undefined ? undefined : checkHeaders(headers);
      const response = await send(method, message, { signal, timeoutMs, header }, sent);
      return walkResponse(table, method, message, response, results);
    } catch (thrown) {
      // Whatever came of it, the caller asked for an end; the call rejects with the caller's reason, as fetch does.
      throwIfAborted(given?.signal);
      throw callError(thrown, method.name, sent);
    } finally {
      lifetime.leave();
    }
  };
}
