import type { Cancellation } from "../../limits/run-within.ts";
import { defaultMaxResponseBytes } from "../connection-options.ts";
import { connectionFailure, tooLargeFailure } from "../transport-failure.ts";
import type { PostClient, PostClientOptions, PostRequest } from "./post-client.ts";

/** The runtime's own fetch has limits of its own. */
export const defaultMaxInFlight: number | undefined = undefined;

/** Posts over a fetch function, which keeps its own connections. */
export function createFetchPostClient(
  fetch: typeof globalThis.fetch,
  maxResponseBytes = defaultMaxResponseBytes,
): PostClient {
  const post = async ({ endpoint, headers, body }: PostRequest, cancellation: Cancellation) => {
    // fetch must be given its signal before anyone knows whether it will be needed.
    const controller = new AbortController();
    cancellation.onCancel((reason) => controller.abort(reason));
    cancellation.countSent(1);
    let isTooLarge = false;
    try {
      const init = {
        method: "POST",
        headers,
        body,
        signal: controller.signal,
        redirect: "manual",
      } as const;
      const response = await fetch(endpoint.href, init);
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      // A function that stands in for fetch may give no stream.
      const given = response.body ?? [new Uint8Array(await response.arrayBuffer())];
      for await (const chunk of given) {
        size += chunk.byteLength;
        isTooLarge = size > maxResponseBytes;
        // The error ends the loop, and the loop cancels the body.
        if (isTooLarge) throw tooLargeFailure(maxResponseBytes);
        chunks.push(chunk);
      }
      const whole = new Uint8Array(await new Blob(chunks).arrayBuffer());
      return { status: response.status, headers: () => response.headers, body: whole };
    } catch (error) {
      if (isTooLarge) throw error;
      // fetch says only "fetch failed"; what happened is in the cause.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw connectionFailure(cause, endpoint.origin, error);
    }
  };
  return {
    post: (request, cancellation, onResponse, onFailure) => {
      post(request, cancellation).then(onResponse, onFailure);
    },
    close: async () => {},
  };
}

/**
 * Posts over the runtime's fetch, where undici is not at home.
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
