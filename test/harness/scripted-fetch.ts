export interface SentRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
}

export interface ScriptedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** The sent requests, in order. */
  readonly sent: SentRequest[];
}

/** A `fetch` that answers each request with the same JSON text, and keeps the requests. */
export function scriptedFetch(reply = '{"result":{}}', status = 200): ScriptedFetch {
  const sent: SentRequest[] = [];
  return {
    sent,
    fetch: async (url, init) => {
      sent.push({ url: `${url}`, body: `${init?.body}`, headers: new Headers(init?.headers) });
      return new Response(reply, { status });
    },
  };
}
