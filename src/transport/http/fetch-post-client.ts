import { connectionFailure } from "../transport-failure.ts";
import type { PostClient, PostClientOptions } from "./post-client.ts";

/** Posts over a fetch function, which keeps its own connections. */
export function createFetchPostClient(fetch: typeof globalThis.fetch): PostClient {
  return {
    async post({ endpoint, headers, body }, cancellation) {
      // fetch must be given its signal before anyone knows whether it will be needed.
      const controller = new AbortController();
      cancellation.onCancel((reason) => controller.abort(reason));
      try {
        const init = {
          method: "POST",
          headers,
          body,
          signal: controller.signal,
          redirect: "manual",
        } as const;
        const response = await fetch(endpoint.href, init);
        return {
          status: response.status,
          headers: () => response.headers,
          body: new Uint8Array(await response.arrayBuffer()),
        };
      } catch (error) {
        // fetch says only "fetch failed"; what happened is in the cause.
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw connectionFailure(cause, endpoint.origin, error);
      }
    },
    close: async () => {},
  };
}

/**
 * Posts over the runtime's fetch, where undici is not at home.
 *
 * @throws TypeError for settings that only undici has
 */
export function createPostClient({ tls, dispatcher }: PostClientOptions): PostClient {
  if (tls !== undefined)
    throw new TypeError("tls: this runtime has no TLS settings for fetch; expected none");
  if (dispatcher !== undefined)
    throw new TypeError("http.dispatcher: undici needs Node.js; use http.fetch here");
  return createFetchPostClient((input, init) => globalThis.fetch(input, init));
}
