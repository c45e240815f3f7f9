import type { Cancellation } from "../../limits/run-within.ts";
import type { ConnectionOptions } from "../connection-options.ts";

/** The parsed address of a method. Parsing it for each call would cost more than the headers. */
export interface Endpoint {
  readonly href: string;
  readonly origin: string;
  readonly path: string;
}

export function endpointAt(address: string): Endpoint {
  const { href, origin, pathname } = new URL(address);
  return { href, origin, path: pathname };
}

export interface PostRequest {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostResponse {
  readonly status: number;
  readonly headers: () => Headers;
  readonly body: Uint8Array;
}

export interface PostClient {
  /**
   * Posts a request and reads the whole response, of any status. Follows no redirects. Stops when it is canceled. Calls one
   * of the two functions once: `onFailure` with a ConnectError if there is no whole response.
   */
  post(
    request: PostRequest,
    cancellation: Cancellation,
    onResponse: (response: PostResponse) => void,
    onFailure: (reason: unknown) => void,
  ): void;
  /** Ends the connections that the client opened. */
  close(): Promise<void>;
}

/** A dispatcher of undici 7 or 8. The types of the two do not fit each other, so this one has only what both have. */
export interface HttpDispatcher {
  dispatch(request: object, handler: object): boolean;
}

export interface PostClientOptions extends ConnectionOptions {
  readonly origin: string;
  readonly maxInFlight?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
  /** Milliseconds after which an idle connection is closed. */
  readonly keepAliveMs?: number | undefined;
  /** An undici dispatcher to use instead of our pool. The caller closes it. */
  readonly dispatcher?: HttpDispatcher | undefined;
}
