import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { readMessage } from "../../codec/json/read-message.ts";
import { writeMessage } from "../../codec/json/write-message.ts";
import { decodeUtf8 } from "../../codec/json-bytes.ts";
import { PathError } from "../../codec/path-error.ts";
import { methodTable } from "../../schema/method-table.ts";
import { RequestPlaces } from "../request-places.ts";
import { withoutTrailingSlashes } from "../trailing-slashes.ts";
import type { ClosableTransport } from "../transport-calls.ts";
import {
  compressedFailure,
  decodeFailure,
  inReply,
  messageOf,
  requestFailure,
} from "../transport-failure.ts";
import type { UnaryCall } from "../unary-transport.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import type { LoadLimits } from "../waiting-calls.ts";
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
  readonly load: LoadLimits;
}

/** A Connect transport for Centrifugo's HTTP API: `POST <baseUrl>/<method>` with Centrifugo's JSON. */
export function createHttpTransport({
  baseUrl,
  client,
  interceptors = [],
  load,
}: HttpTransportOptions): ClosableTransport {
  const places = new RequestPlaces(load);
  const endpointOf = methodEndpoints(baseUrl);
  const post = (request: WireRequest, call: UnaryCall) => {
    const endpoint = endpointOf(request.method);
    const headers = { ...request.header, "content-type": "application/json" };
    const onResponse = (response: PostResponse) => {
      places.leave();
      try {
        checkStatus(response, endpoint);
        call.resolve(wireResponse(request.method, decode(request.method, response), response.headers));
      } catch (error) {
        call.reject(error);
      }
    };
    const onFailure = (reason: unknown) => {
      places.leave();
      call.reject(reason);
    };
    try {
      client.post({ endpoint, headers, body: encode(request) }, call, onResponse, onFailure);
    } catch (error) {
      onFailure(error);
    }
  };
  return createUnaryTransport({
    interceptors,
    url: (method) => endpointOf(method).href,
    roundTrip(request, call) {
      call.countSent(0);
      places.start({ call, start: () => post(request, call) });
    },
    close: () => client.close(),
  });
}

/** Parses the address of each method once. */
function methodEndpoints(baseUrl: string): (method: DescMethodUnary) => Endpoint {
  const base = withoutTrailingSlashes(baseUrl);
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

/** V8's maximum string length. */
const longestText = 2 ** 29 - 24;

function encode({ method, message }: WireRequest): string {
  try {
    return writeMessage(method.input, message);
  } catch (error) {
    // An error about a value has a path. Any other is V8's, for a string beyond its limit of half a gigabyte.
    throw requestFailure(messageOf(error), error instanceof PathError ? error.path : "", error);
  }
}

function decode(method: DescMethodUnary, { body, headers }: PostResponse) {
  let text: string;
  try {
    text = decodeUtf8(body);
  } catch (cause) {
    const encoding = headers().get("content-encoding");
    if (encoding !== null) throw compressedFailure(encoding, headers());
    // The decoder also fails for a text beyond V8's limit of half a gigabyte.
    const isText = body.byteLength > longestText;
    throw decodeFailure(
      isText ? "the reply is too large for a string" : "the reply is not UTF-8",
      cause,
      headers(),
    );
  }
  try {
    return readMessage(method.output, text, body);
  } catch (error) {
    throw error instanceof PathError ? decodeFailure(inReply(error), error, headers()) : error;
  }
}
