import type { Cancellation } from "../../limits/run-within.ts";
import { connectionFailure } from "../transport-failure.ts";
import type { PostClient, PostClientOptions, PostRequest, PostResponse } from "./post-client.ts";

/** Posts over a fetch function, which keeps its own connections. */
export function createFetchPostClient(fetch: typeof globalThis.fetch): PostClient {
  return { post: (request, cancellation) => post(fetch, request, cancellation), close: async () => {} };
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

async function post(
  fetch: typeof globalThis.fetch,
  { endpoint, headers, body }: PostRequest,
  cancellation: Cancellation,
): Promise<PostResponse> {
  // fetch must be given its signal before anyone knows whether it will be needed.
  const controller = new AbortController();
  cancellation.onCancel((reason) => controller.abort(reason));
  try {
    const { signal } = controller;
    const reply = await fetch(endpoint.href, { method: "POST", headers, body, signal, redirect: "manual" });
    return {
      status: reply.status,
      headers: () => reply.headers,
      body: new Uint8Array(await reply.arrayBuffer()),
    };
  } catch (error) {
    // fetch says only "fetch failed"; what happened is in the cause.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw connectionFailure(cause, endpoint.origin, error);
  }
}
