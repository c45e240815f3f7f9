import { bytesUpTo } from "../limits/bytes-up-to.ts";
import { answerHttp, BodyTooLarge } from "./http-answer.ts";
import { parsedBody } from "./parsed-body.ts";
import type { ProxyCore } from "./proxy-core.ts";

/** Serves a proxy in runtimes whose servers have Fetch's `Request` and `Response`. */
export function fetchHandler(core: ProxyCore): (request: Request) => Promise<Response> {
  return async (request) => {
    const { method, url, headers, signal } = request;
    const answer = await answerHttp(core, {
      method,
      url,
      header: (name) => headers.get(name),
      body: (limit) => bodyOf(request, limit),
      context: { headers: core.secret.withoutSecret(headers), signal },
    });
    return new Response(answer.text, answer);
  };
}

async function bodyOf({ bodyUsed, body }: Request, limit: number): Promise<Uint8Array> {
  if (bodyUsed) return parsedBody(undefined, limit);
  const bytes = await bytesUpTo(limit, body ?? []);
  if (bytes === undefined) throw new BodyTooLarge();
  return bytes;
}
