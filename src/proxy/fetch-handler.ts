import { answerHttp, BodyTooLarge } from "./http-answer.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { BadRequest } from "./respond.ts";

/** Serves a proxy in runtimes whose servers have Fetch's `Request` and `Response`. */
export function fetchHandler(core: ProxyCore): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await answerHttp(core, {
      method: request.method,
      url: request.url,
      header: (name) => request.headers.get(name),
      body: (limit) => bodyOf(request, limit),
      context: request,
    });
    const { status, text } = answer ?? { status: 500, text: "" };
    const type = status === 200 ? "application/json" : "text/plain; charset=utf-8";
    const headers = { "content-type": type, ...(status === 405 ? { allow: "POST" } : {}) };
    return new Response(text, { status, headers });
  };
}

async function bodyOf(request: Request, limit: number): Promise<Uint8Array> {
  if (request.bodyUsed)
    throw new BadRequest("the body was read before the proxy could; mount the proxy before what reads it");
  if (Number(request.headers.get("content-length")) > limit) throw new BodyTooLarge();
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return joined(chunks, length);
    length += value.byteLength;
    if (length > limit) {
      await reader?.cancel();
      throw new BodyTooLarge();
    }
    chunks.push(value);
  }
}

/** The bytes of chunks, of which there is mostly one. */
export function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}
