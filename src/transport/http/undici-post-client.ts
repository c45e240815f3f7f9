import type { Dispatcher } from "undici";
import { asUnprocessed } from "../../limits/run-within.ts";
import { defaultMaxResponseBytes } from "../connection-options.ts";
import { checkTls } from "../tls.ts";
import { connectionFailure, tooLargeFailure } from "../transport-failure.ts";
import { lazyWebHeaders } from "../web-headers.ts";
import { joinSmallChunks, wholeBody } from "../whole-body.ts";
import { checkDispatcher } from "./check-dispatcher.ts";
import { envProxy } from "./env-proxy.ts";
import { loadUndici } from "./load-undici.ts";
import type { PoolTarget } from "./open-pool.ts";
import { openPool } from "./open-pool.ts";
import type { PostClient, PostClientOptions, PostResponse } from "./post-client.ts";

export { defaultMaxInFlight } from "./open-pool.ts";

/** Posts over a pool of keep-alive connections. Loads undici, unless the caller has a dispatcher. */
export function createPostClient(options: PostClientOptions): PostClient {
  const { origin, dispatcher, maxResponseBytes = defaultMaxResponseBytes } = options;
  if (dispatcher !== undefined) {
    checkDispatcher(dispatcher);
    return {
      post: postOver({ dispatcher, place: () => origin }, maxResponseBytes, false),
      close: async () => {},
    };
  }
  checkTls(options.tls);
  const closing = new AbortController();
  const proxy = options.socketPath === undefined ? envProxy(origin) : undefined;
  const opening = loadUndici(proxy !== undefined).then((undici) =>
    openPool(undici, options, proxy, closing.signal),
  );
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
      await pool?.dispatcher.destroy();
      // `destroy` leaves connections alone that are still opening.
      closing.abort();
    },
  };
}

/**
 * Posts over a dispatcher. A request's state is in a closure, which costs 25 ns more than an instance of a class.
 *
 * @param isOurs for our pool, a request counts as sent from `onRequestStart` on; for a caller's dispatcher, from the start
 */
function postOver(
  { dispatcher, place }: PoolTarget,
  maxResponseBytes: number,
  isOurs: boolean,
): PostClient["post"] {
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
          const failure = connectionFailure(error, place());
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
