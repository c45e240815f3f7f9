import { joinedBytes } from "../limits/bytes-up-to.ts";
import { headersOf, valuesOf } from "../transport/raw-headers.ts";
import type { ProxyContext } from "./handler-types.ts";
import { answerHttp, BodyTooLarge } from "./http-answer.ts";
import { parsedBody } from "./parsed-body.ts";
import type { ProxyCore } from "./proxy-core.ts";
import type { SharedSecret } from "./shared-secret.ts";

/** A request of `node:http`, or of a framework on it: what the proxy needs of it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turns. */
  readonly rawHeaders: readonly string[];
  /** Whether the body was read. */
  readonly readableEnded: boolean;
  /** Whether the request is closed: it has no more events. */
  readonly destroyed?: boolean | undefined;
  /** The body, where a framework has parsed it. */
  readonly body?: unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close" | "error", listener: () => void): unknown;
}

/** A response of `node:http`. */
export interface NodeResponse {
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(text: string): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** Serves a proxy in `node:http`, and in frameworks with its requests and responses. */
export function nodeHandler(
  core: ProxyCore,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    const { status, headers, text } = await answerHttp(core, {
      method: request.method,
      url: request.url ?? "",
      header: (name) => valuesOf(request.rawHeaders, name),
      body: (limit) => bodyOf(request, limit),
      context: new NodeContext(core.secret, request, response),
    });
    // A framework may have given up, and answered.
    if (response.headersSent) return;
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) });
    response.end(text);
  };
}

/** Makes headers and signal only for handlers that use them. */
class NodeContext implements ProxyContext {
  readonly #secret: SharedSecret;
  readonly #request: NodeRequest;
  readonly #response: NodeResponse;
  #headers: Headers | undefined;
  #signal: AbortSignal | undefined;

  constructor(secret: SharedSecret, request: NodeRequest, response: NodeResponse) {
    this.#secret = secret;
    this.#request = request;
    this.#response = response;
  }

  get headers(): Headers {
    this.#headers ??= this.#secret.withoutSecret(headersOf(this.#request.rawHeaders));
    return this.#headers;
  }

  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.#response);
    return this.#signal;
  }
}

/** Aborts when the connection is gone before the answer. */
function signalOf(response: NodeResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => response.writableEnded || controller.abort();
  if (response.destroyed) onClose();
  else response.once("close", onClose);
  return controller.signal;
}

/** The reason of a signal that aborts, which `onError` does not get. */
const hungUp = () => new DOMException("Centrifugo hung up", "AbortError");

function bodyOf(request: NodeRequest, limit: number): Promise<Uint8Array> {
  if (request.readableEnded) return Promise.resolve(parsedBody(request.body, limit));
  if (request.destroyed) return Promise.reject(hungUp());
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    request.on("data", (chunk) => {
      length += chunk.byteLength;
      if (length <= limit) chunks.push(chunk);
      else reject(new BodyTooLarge());
    });
    request.on("end", () => resolve(joinedBytes(chunks)));
    const onGone = () => request.readableEnded || reject(hungUp());
    for (const event of ["close", "error"] as const) request.on(event, onGone);
  });
}
