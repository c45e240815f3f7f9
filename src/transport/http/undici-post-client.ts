import type { Dispatcher, Pool } from "undici";
import { asUnprocessed } from "../../limits/run-within.ts";
import { defaultConnectTimeoutMs, defaultMaxResponseBytes } from "../connection-options.ts";
import { checkTls } from "../tls.ts";
import { connectionFailure, tooLargeFailure } from "../transport-failure.ts";
import { lazyWebHeaders } from "../web-headers.ts";
import { joinSmallChunks, wholeBody } from "../whole-body.ts";
import { checkDispatcher } from "./check-dispatcher.ts";
import type { Undici } from "./load-undici.ts";
import { loadUndici } from "./load-undici.ts";
import type { PostClient, PostClientOptions, PostResponse } from "./post-client.ts";

/** Calls in flight at a time, and connections of the pool. */
export const defaultMaxInFlight = 64;
/** Servers that announce no time close idle connections after 5 s or more. */
const defaultKeepAliveMs = 4_000;

/** Posts over a pool of keep-alive connections. Loads undici, unless the caller has a dispatcher. */
export function createPostClient(options: PostClientOptions): PostClient {
  const { origin, dispatcher, maxResponseBytes = defaultMaxResponseBytes } = options;
  if (dispatcher !== undefined) {
    checkDispatcher(dispatcher);
    return { post: postOver(dispatcher, maxResponseBytes, false), close: async () => {} };
  }
  checkTls(options.tls);
  const closing = new AbortController();
  const opening = loadUndici().then((undici) => createPool(undici, options, closing.signal));
  let post: PostClient["post"] = (request, cancellation, onResponse, onFailure) => {
    let isOver = false;
    const fail = (reason: unknown) => {
      if (!isOver) onFailure(reason);
      isOver = true;
    };
    cancellation.onCancel(fail);
    opening.then(
      () => isOver || post(request, cancellation, onResponse, onFailure),
      (error) => fail(asUnprocessed(connectionFailure(error, origin))),
    );
  };
  opening.then(
    (pool) => {
      post = postOver(pool, maxResponseBytes, true);
    },
    // Each call reports it.
    () => {},
  );
  return {
    post: (...request) => post(...request),
    async close() {
      const pool = await opening.catch(() => undefined);
      await pool?.destroy();
      // `destroy` leaves connections alone that are still opening.
      closing.abort();
    },
  };
}

function createPool(undici: Undici, options: PostClientOptions, closing: AbortSignal): Pool {
  const { origin, tls, socketPath, maxInFlight, keepAliveMs } = options;
  const connector = undici.buildConnector({
    ...tls,
    ...(socketPath !== undefined && { socketPath }),
    // Over HTTP/2, undici mistakes a reset stream for a complete response.
    allowH2: false,
    timeout: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    signal: closing,
  });
  return new undici.Pool(origin, {
    connections: maxInFlight ?? defaultMaxInFlight,
    // A call's own deadline covers the response, so undici's limits are off.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs ?? defaultKeepAliveMs,
    // A server may announce a longer time, unless the caller has set one.
    ...(keepAliveMs !== undefined && { keepAliveMaxTimeout: keepAliveMs }),
    connect: (options, callback) =>
      connector(options, (...made) => {
        // Node leaves a socket open after a TLS error, and undici waits for its end.
        made[1]?.once("error", () => made[1]?.destroy());
        callback(...made);
      }),
  });
}

/**
 * Posts over a dispatcher. A request's state is in a closure, which costs 25 ns more than an instance of a class.
 *
 * @param isOurs for our pool, a request counts as sent from `onRequestStart` on; for a caller's dispatcher, from the start
 */
function postOver(dispatcher: Dispatcher, maxResponseBytes: number, isOurs: boolean): PostClient["post"] {
  return ({ endpoint: { origin, path }, headers, body }, cancellation, onResponse, onFailure) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let received: NodeJS.Dict<string | string[]> = {};
    let hasStarted = false;
    let isOver = false;
    const succeed = (response: PostResponse) => {
      if (!isOver) onResponse(response);
      isOver = true;
    };
    const fail = (reason: unknown) => {
      if (!isOver) onFailure(reason);
      isOver = true;
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        hasStarted = true;
        if (isOurs) cancellation.countSent(1);
        cancellation.onCancel((reason) => controller.abort(reason));
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        received = responseHeaders;
      },
      onResponseData(controller, chunk) {
        size += chunk.byteLength;
        if (size > maxResponseBytes) return controller.abort(tooLargeFailure(maxResponseBytes));
        chunks.push(chunk);
        joinSmallChunks(chunks, size);
      },
      onResponseEnd: () => succeed({ status, headers: lazyWebHeaders(received), body: wholeBody(chunks) }),
      onResponseError(_controller, error) {
        const response = responseIn(error);
        if (response !== undefined) succeed(response);
        else if (size > maxResponseBytes) fail(tooLargeFailure(maxResponseBytes));
        else {
          const failure = connectionFailure(error, origin);
          fail(isOurs && !hasStarted ? asUnprocessed(failure) : failure);
        }
      },
    };
    // undici cannot abort a request before it starts, but another one can take its place here.
    cancellation.onCancel(fail);
    if (!isOurs) cancellation.countSent(1);
    dispatcher.dispatch({ origin, path, method: "POST", headers, body }, handler);
  };
}

/** The response that an interceptor of undici turned into an error. */
function responseIn(error: Error): PostResponse | undefined {
  const { statusCode, headers, body } = error as { statusCode?: unknown; headers?: object; body?: unknown };
  if (typeof statusCode !== "number" || statusCode < 100) return undefined;
  const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
  return {
    status: statusCode,
    headers: lazyWebHeaders((headers ?? {}) as Record<string, string>),
    body: new TextEncoder().encode(text),
  };
}
