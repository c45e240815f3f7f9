import type { Dispatcher } from "undici";
import { Pool } from "undici";
import type { Cancellation } from "../../limits/run-within.ts";
import { checkTls } from "../tls.ts";
import { connectionFailure } from "../transport-failure.ts";
import { webHeaders } from "../web-headers.ts";
import type { PostClient, PostClientOptions, PostResponse } from "./post-client.ts";

/** Connections of one client; calls beyond that wait for one to be free, within their deadline. */
const connections = 64;
/** A connection that is not made by then is given up, whatever the deadlines of the calls that wait for it. */
const connectTimeoutMs = 30_000;

/** Posts over a pool of keep-alive connections. */
export function createPostClient({ origin, tls, dispatcher }: PostClientOptions): PostClient {
  if (dispatcher !== undefined) return { post: postOver(dispatcher), close: async () => {} };
  checkTls(tls);
  // undici would speak HTTP/2 where TLS offers it, and then takes a stream that is reset for a response that is complete.
  const allowH2 = false;
  // A call's own deadline covers the response, so undici's limits are off.
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  const closing = new AbortController();
  const connect = { ...tls, timeout: connectTimeoutMs, signal: closing.signal };
  const pool = new Pool(origin, { connections, allowH2, ...limits, connect });
  return {
    post: postOver(pool),
    async close() {
      await pool.destroy();
      // The pool leaves connections alone that are still being made.
      closing.abort();
    },
  };
}

function postOver(dispatcher: Dispatcher): PostClient["post"] {
  return ({ endpoint: { origin, path }, headers, body }, cancellation) =>
    new Promise((resolve, reject) => {
      const exchange = new Exchange(origin, cancellation, resolve, reject);
      dispatcher.dispatch({ origin, path, method: "POST", headers, body }, exchange);
    });
}

/** Takes what undici reads of a response. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #origin: string;
  readonly #cancellation: Cancellation;
  readonly #resolve: (response: PostResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: NodeJS.Dict<string | string[]> = {};

  constructor(
    origin: string,
    cancellation: Cancellation,
    resolve: (response: PostResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#origin = origin;
    this.#cancellation = cancellation;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#cancellation.onCancel((reason) => controller.abort(reason));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: NodeJS.Dict<string | string[]>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const headers = this.#headers;
    const [only] = this.#chunks;
    const body = only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: () => webHeaders(headers), body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(connectionFailure(error, this.#origin));
  }
}
