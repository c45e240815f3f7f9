import type { Dispatcher } from "undici";
import { Pool } from "undici";
import type { Cancellation } from "../call-limits.ts";
import { checkTls } from "../secure-context.ts";
import { networkFailure } from "../transport-failure.ts";
import { webHeaders } from "../web-headers.ts";
import type { PostClient, PostClientOptions, PostReply, PostRequest } from "./post-client.ts";

/** Connections of one client; calls beyond that wait for one to be free, within their deadline. */
const connections = 64;
/** A connection that is not made by then is given up, whatever the deadlines of the calls that wait for it. */
const connectTimeoutMs = 30_000;

/** Posts over a pool of keep-alive connections. */
export function createPostClient({ origin, tls, dispatcher }: PostClientOptions): PostClient {
  if (dispatcher !== undefined) {
    return {
      post: (request, cancellation) => post(dispatcher, request, cancellation),
      close: async () => {},
    };
  }
  checkTls(tls);
  // undici would speak HTTP/2 where TLS offers it, and then takes a stream that is reset for a reply that is complete.
  const allowH2 = false;
  // A call's own deadline covers the reply, so undici's limits are off.
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  const closing = new AbortController();
  const connect = { ...tls, timeout: connectTimeoutMs, signal: closing.signal };
  const pool = new Pool(origin, { connections, allowH2, ...limits, connect });
  return {
    post: (request, cancellation) => post(pool, request, cancellation),
    async close() {
      await pool.destroy();
      // The pool leaves connections alone that are still being made.
      closing.abort();
    },
  };
}

function post(dispatcher: Dispatcher, request: PostRequest, cancellation: Cancellation): Promise<PostReply> {
  const { url, headers, body } = request;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let received: NodeJS.Dict<string | string[]> = {};
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname, method: "POST", headers, body },
      {
        onRequestStart(controller) {
          cancellation.onCancel((reason) => controller.abort(reason));
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          received = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const [only] = chunks;
          const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
          resolve({ status, headers: () => webHeaders(received), body: whole });
        },
        onResponseError(_controller, error) {
          reject(networkFailure(error.message || error.name, error));
        },
      },
    );
  });
}
