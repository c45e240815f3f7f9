import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { runWithin } from "./call-limits.ts";
import type { CheckedOptions } from "./check-options.ts";
import { isTimeout, timeoutExpected } from "./check-options.ts";
import { encodeRequest } from "./encode-request.ts";
import { CentRequestError } from "./errors.ts";
import { authorization, checkHeaders } from "./headers.ts";
import { hideSecret } from "./hide-secret.ts";
import { mapError } from "./map-error.ts";
import type { Method, MethodTable } from "./methods.ts";
import { PathError } from "./path-error.ts";
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

  async function send(method: Method, message: Message, given: CallOptions): Promise<Message> {
    const { signal, timeoutMs = options.timeoutMs } = given;
    const header = { ...headers, ...checkHeaders(given.headers) };
    const started = performance.now();
    const granted = authorize();
    if (!(granted instanceof Promise))
      return unary(method, message, signal, timeoutMs, { ...granted, ...header });
    // Asking for the key is a part of the call, and so of its deadline. A deadline of 0 is none.
    const all = { ...(await runWithin(timeoutMs, signal, () => granted)), ...header };
    const left = timeoutMs && Math.max(1, timeoutMs - (performance.now() - started));
    return unary(method, message, signal, left, all);
  }

  async function unary(
    { rpc }: Method,
    message: Message,
    signal: AbortSignal | undefined,
    timeoutMs: number,
    header: Readonly<Record<string, string>>,
  ): Promise<Message> {
    try {
      // Our transports keep to the limits themselves; a caller's may not.
      const response: unknown = await (transport === options.target
        ? runWithin(timeoutMs, signal, () => transport.unary(rpc, signal, timeoutMs, header, message))
        : transport.unary(rpc, signal, timeoutMs, header, message));
      return responseMessage(response, rpc);
    } catch (error) {
      const [, secret] = header.authorization?.split(" ") ?? [];
      if (secret !== undefined) hideSecret(error, secret);
      throw error;
    }
  }

  return async (method, request = {}, given = {}) => {
    const message = encodeRequest(table, method, request, payload);
    checkCallOptions(method.name, given);
    given.signal?.throwIfAborted();
    let response: Message;
    try {
      response = await send(method, message, given);
    } catch (error) {
      // Whatever came of it, the caller asked for an end; the call rejects with the caller's reason, as fetch does.
      given.signal?.throwIfAborted();
      throw mapError(error, method.name);
    }
    return walkResponse(table, method, message, response, { payload, int64 });
  };
}

/** The message of a response, which an interceptor or a caller's transport may have made up. */
function responseMessage(response: unknown, { output }: Method["rpc"]): Message {
  const message: unknown =
    typeof response === "object" && response !== null && "message" in response && response.message;
  if (!isMessage(message, output)) throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
  return message;
}

const optionNames = ["timeoutMs", "signal", "headers"];

function checkCallOptions(method: string, given: CallOptions): void {
  const refuse: (field: string, problem: string) => never = (field, problem) => {
    throw mapError(new PathError(problem, { path: field }), method);
  };
  if (typeof given !== "object" || given === null) refuse("options", "expected an object");
  const unknown = Object.keys(given).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) refuse(unknown, `unknown option; expected one of ${optionNames.join(", ")}`);
  const { timeoutMs, signal } = given;
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) refuse("timeoutMs", `expected ${timeoutExpected}`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse("signal", "expected an AbortSignal");
}

/** Counts the calls under way, to wait for their end, and refuses those that come after it. */
export function closable(call: Call): { call: Call; end(): Promise<void> } {
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let underWay = 0;
  let ended = false;
  return {
    async call(method, request, options) {
      if (ended) throw new CentRequestError(`${method.name}: the client is closed`, { method: method.name });
      underWay++;
      try {
        return await call(method, request, options);
      } finally {
        underWay--;
        if (ended && underWay === 0) becomeIdle();
      }
    },
    end() {
      ended = true;
      if (underWay === 0) becomeIdle();
      return idle;
    },
  };
}
