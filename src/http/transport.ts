import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { decodeUtf8 } from "../json-bytes.ts";
import { methodTable } from "../methods.ts";
import { PathError } from "../path-error.ts";
import { decodeFailure, requestFailure } from "../transport-failure.ts";
import type { WireRequest } from "../unary-transport.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import { readMessage } from "./json-reader.ts";
import { writeMessage } from "./json-writer.ts";
import type { PostClient, PostReply } from "./post-client.ts";
import { checkStatus } from "./status.ts";

export interface HttpTransportOptions {
  /** The address of the API, as in `http://localhost:8000/api`. */
  readonly baseUrl: string;
  readonly client: PostClient;
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** A Connect transport that speaks Centrifugo's HTTP API: `POST <baseUrl>/<method>` with its own kind of JSON. */
export function createHttpTransport({ baseUrl, client, interceptors = [] }: HttpTransportOptions): Transport {
  const urlOf = methodUrls(baseUrl);
  return createUnaryTransport({
    interceptors,
    url: (method) => urlOf(method).href,
    async send(request, cancellation) {
      const headers = { ...request.header, "content-type": "application/json" };
      const url = urlOf(request.method);
      const reply = await client.post({ url, headers, body: encode(request) }, cancellation);
      checkStatus(reply, url);
      return { message: decode(request.method, reply), header: reply.headers, trailer: () => new Headers() };
    },
  });
}

/** The addresses of the methods, each made once. */
function methodUrls(baseUrl: string): (method: DescMethodUnary) => URL {
  const base = baseUrl.replace(/\/+$/, "");
  const urls = new Map<DescMethodUnary, URL>();
  return (method) => {
    let url = urls.get(method);
    if (url === undefined) {
      url = new URL(`${base}/${methodTable(method.parent).byRpc(method)?.path ?? method.localName}`);
      urls.set(method, url);
    }
    return url;
  };
}

function encode({ method, message }: WireRequest): string {
  try {
    return writeMessage(method.input, message);
  } catch (error) {
    throw error instanceof PathError ? requestFailure(error.message, error.path, error) : error;
  }
}

function decode(method: DescMethodUnary, { body }: PostReply) {
  let text: string;
  try {
    text = decodeUtf8(body);
  } catch (cause) {
    throw decodeFailure("the reply is not UTF-8", cause);
  }
  try {
    return readMessage(method.output, text, body);
  } catch (error) {
    throw error instanceof PathError ? decodeFailure(`in the reply, ${error.message}`, error) : error;
  }
}
