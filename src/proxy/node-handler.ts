import { joined } from "./fetch-handler.ts";
import type { ProxyContext } from "./handler-types.ts";
import { answerHttp, BodyTooLarge, HungUp } from "./http-answer.ts";
import { parsedBody } from "./parsed-body.ts";
import type { ProxyCore } from "./proxy-core.ts";

/** A request of `node:http`, or of a framework on it: what the proxy needs of it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turns. */
  readonly rawHeaders: readonly string[];
  /** Whether the body was read. */
  readonly readableEnded: boolean;
  /** The body, where a framework has parsed it. */
  readonly body?: unknown;
  on(event: string, listener: (chunk: never) => void): unknown;
  off(event: string, listener: (chunk: never) => void): unknown;
}

/** A response of `node:http`. */
export interface NodeResponse {
  readonly writableEnded: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(text: string): unknown;
  once(event: string, listener: () => void): unknown;
}

/** Serves a proxy in `node:http`, and in frameworks with its requests and responses. */
export function nodeHandler(core: ProxyCore): (request: NodeRequest, response: NodeResponse) => void {
  return async (request, response) => {
    const answer = await answerHttp(core, {
      method: request.method,
      url: request.url ?? "",
      header: (name) => valuesOf(request, name),
      body: (limit) => bodyOf(request, limit),
      context: new NodeContext(request, response),
    });
    if (answer === undefined) return;
    const { status, text } = answer;
    const type = status === 200 ? "application/json" : "text/plain; charset=utf-8";
    response.writeHead(status, {
      "content-type": type,
      "content-length": Buffer.byteLength(text),
      ...(status === 405 ? { allow: "POST" } : {}),
      // Nothing reads the rest of such a body.
      ...(status === 413 ? { connection: "close" } : {}),
    });
    response.end(text);
  };
}

/** Makes headers and signal only for handlers that use them. */
class NodeContext implements ProxyContext {
  readonly #request: NodeRequest;
  readonly #response: NodeResponse;
  #headers: Headers | undefined;
  #signal: AbortSignal | undefined;

  constructor(request: NodeRequest, response: NodeResponse) {
    this.#request = request;
    this.#response = response;
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      const { rawHeaders: raw } = this.#request;
      for (let at = 0; at + 1 < raw.length; at += 2) {
        // HTTP/2 has fields such as `:path`, which are no headers.
        if (!raw[at]?.startsWith(":")) this.#headers.append(raw[at] ?? "", raw[at + 1] ?? "");
      }
    }
    return this.#headers;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      const response = this.#response as NodeResponse & { readonly destroyed?: boolean };
      const hangUp = () => {
        if (!response.writableEnded) controller.abort();
      };
      if (response.destroyed) hangUp();
      else response.once("close", hangUp);
    }
    return this.#signal;
  }
}

/** The values of a header, joined. Node's own record drops all but the first of some headers. */
function valuesOf({ rawHeaders }: NodeRequest, name: string): string | undefined {
  let found: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const other = rawHeaders[at] ?? "";
    if (other.length !== name.length || other.toLowerCase() !== name) continue;
    found = found === undefined ? rawHeaders[at + 1] : `${found}, ${rawHeaders[at + 1]}`;
  }
  return found;
}

async function bodyOf(request: NodeRequest, limit: number): Promise<Uint8Array> {
  if (request.readableEnded) return parsedBody(request.body, limit);
  if (Number(valuesOf(request, "content-length")) > limit) throw new BodyTooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const onData = (chunk: Uint8Array) => {
      length += chunk.byteLength;
      if (length <= limit) chunks.push(chunk);
      else settle(() => reject(new BodyTooLarge()));
    };
    const onEnd = () => settle(() => resolve(joined(chunks, length)));
    const onClose = () => settle(() => reject(new HungUp()));
    const settle = (act: () => void) => {
      request.off("data", onData);
      request.off("end", onEnd);
      request.off("close", onClose);
      request.off("error", onClose);
      act();
    };
    request.on("data", onData);
    request.on("end", onEnd);
    request.on("close", onClose);
    request.on("error", onClose);
  });
}
