import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { CentClient, ClientOptions, RetryOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import type { TestServer } from "../../src/testing/index.ts";
import { clientOptions } from "./batching-set-up.ts";
import type { Protocol } from "./scripted-server.ts";

/** Retry options with short delays. */
export const quick: RetryOptions = { baseDelayMs: 1, maxDelayMs: 2 };

/** A client of a test server that repeats requests after short delays. */
export function retryingClient(
  protocol: Protocol,
  server: TestServer,
  {
    retry = {},
    ...options
  }: Partial<Omit<ClientOptions, "retry" | "int64" | "service">> & { retry?: RetryOptions } = {},
): CentClient {
  return createClient({ ...clientOptions(protocol, server), ...options, retry: { ...quick, ...retry } });
}

/** An interceptor that loses the first replies, like a connection that breaks after the execution. */
export function losingReplies(times: number): Interceptor {
  let left = times;
  return (next) => async (request) => {
    const response = await next(request);
    if (left-- > 0) throw lostConnection();
    return response;
  };
}

/** The error of a connection that broke. */
export function lostConnection(): ConnectError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
  return new ConnectError(cause.message, Code.Unavailable, undefined, undefined, cause);
}
