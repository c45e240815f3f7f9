import { bytesUpTo } from "../../limits/bytes-up-to.ts";
import type { Cancellation } from "../../limits/run-within.ts";
import { defaultMaxResponseBytes } from "../connection-options.ts";
import { connectionFailure, tooLargeFailure } from "../transport-failure.ts";
import type { PostClient, PostClientOptions, PostRequest } from "./post-client.ts";

/** No limit here: the runtime limits its fetch itself. */
export const defaultMaxInFlight: number | undefined = undefined;

/** Posts with a fetch function, which manages its own connections. */
export function createFetchPostClient(
  fetch: typeof globalThis.fetch,
  maxResponseBytes = defaultMaxResponseBytes,
): PostClient {
  const post = async ({ endpoint, headers, body: text }: PostRequest, cancellation: Cancellation) => {
    // fetch takes its signal at the start, even if the call is never canceled.
    const controller = new AbortController();
    cancellation.onCancel((reason) => controller.abort(reason));
    cancellation.countSent(1);
    let response: Response;
    let body: Uint8Array | undefined;
    try {
      const init = {
        method: "POST",
        headers,
        body: text,
        signal: controller.signal,
        redirect: "manual",
      } as const;
      response = await fetch(endpoint.href, init);
      // A caller's fetch function may give a response without a stream.
      const given = response.body ?? [new Uint8Array(await response.arrayBuffer())];
      body = await bytesUpTo(maxResponseBytes, given);
    } catch (error) {
      // fetch says only "fetch failed"; its cause has the reason.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw connectionFailure(cause, endpoint.origin, error);
    }
    if (body === undefined) throw tooLargeFailure(maxResponseBytes);
    return { status: response.status, headers: () => response.headers, body };
  };
  return {
    post: (request, cancellation, onResponse, onFailure) => {
      post(request, cancellation).then(onResponse, onFailure);
    },
    close: async () => {},
  };
}

/**
 * Posts with the runtime's fetch, for runtimes without undici.
 *
 * @throws TypeError for settings that only undici has
 */
export function createPostClient(options: PostClientOptions): PostClient {
  const { tls, dispatcher, socketPath, connectTimeoutMs, keepAliveMs, maxResponseBytes } = options;
  if (tls !== undefined)
    throw new TypeError("tls: this runtime has no TLS settings for fetch; expected none");
  if (dispatcher !== undefined)
    throw new TypeError("http.dispatcher: undici needs Node.js; use http.fetch here");
  for (const [name, value] of Object.entries({
    socketPath,
    connectTimeoutMs,
    "http.keepAliveMs": keepAliveMs,
  }))
    if (value !== undefined) throw new TypeError(`${name}: fetch has no such setting; expected none`);
  return createFetchPostClient((input, init) => globalThis.fetch(input, init), maxResponseBytes);
}
