import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { readMessage } from "../../codec/json/read-message.ts";
import { writeMessage } from "../../codec/json/write-message.ts";
import { decodeUtf8 } from "../../codec/json-bytes.ts";
import { PathError } from "../../codec/path-error.ts";
import { methodTable } from "../../schema/method-table.ts";
import { decodeFailure, inReply, messageOf, requestFailure } from "../transport-failure.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import type { WireRequest } from "../wire-messages.ts";
import { wireResponse } from "../wire-messages.ts";
import { checkStatus } from "./check-status.ts";
import type { Endpoint, PostClient, PostResponse } from "./post-client.ts";
import { endpointAt } from "./post-client.ts";

export interface HttpTransportOptions {
  /** The address of the API, as in `http://localhost:8000/api`. */
  readonly baseUrl: string;
  readonly client: PostClient;
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** A Connect transport that speaks Centrifugo's HTTP API: `POST <baseUrl>/<method>` with its own kind of JSON. */
export function createHttpTransport({ baseUrl, client, interceptors = [] }: HttpTransportOptions): Transport {
  const endpointOf = methodEndpoints(baseUrl);
  return createUnaryTransport({
    interceptors,
    url: (method) => endpointOf(method).href,
    async roundTrip(request, cancellation) {
      const headers = { ...request.header, "content-type": "application/json" };
      const endpoint = endpointOf(request.method);
      const response = await client.post({ endpoint, headers, body: encode(request) }, cancellation);
      checkStatus(response, endpoint);
      return wireResponse(request.method, decode(request.method, response), response.headers);
    },
  });
}

/** Finds out where a method is, once for each. */
function methodEndpoints(baseUrl: string): (method: DescMethodUnary) => Endpoint {
  const base = baseUrl.replace(/\/+$/, "");
  const endpoints = new Map<DescMethodUnary, Endpoint>();
  return (method) => {
    let endpoint = endpoints.get(method);
    if (endpoint === undefined) {
      const path = methodTable(method.parent).byRpc(method)?.path ?? method.localName;
      endpoint = endpointAt(`${base}/${path}`);
      endpoints.set(method, endpoint);
    }
    return endpoint;
  };
}

function encode({ method, message }: WireRequest): string {
  try {
    return writeMessage(method.input, message);
  } catch (error) {
    // The error of a value has a path. Another one is V8's: its strings end at half a gigabyte.
    throw requestFailure(messageOf(error), error instanceof PathError ? error.path : "", error);
  }
}

function decode(method: DescMethodUnary, { body }: PostResponse) {
  let text: string;
  try {
    text = decodeUtf8(body);
  } catch (cause) {
    throw decodeFailure("the reply is not UTF-8", cause);
  }
  try {
    return readMessage(method.output, text, body);
  } catch (error) {
    throw error instanceof PathError ? decodeFailure(inReply(error), error) : error;
  }
}
