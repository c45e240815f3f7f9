import type { Dispatcher } from "undici";
import type { Cancellation } from "../../limits/run-within.ts";
import type { ConnectionOptions } from "../connection-options.ts";

/** The address of a method. To take a URL apart for each call would cost more than the headers. */
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
   * Posts a request and reads the whole response, whatever its status; redirects are not followed. It gives a ConnectError
   * where there is no whole response, and drops the exchange when it is canceled. It calls one of the two functions, once.
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

export interface PostClientOptions extends ConnectionOptions {
  readonly origin: string;
  readonly maxInFlight?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
  /** Milliseconds after which an idle connection is given up. */
  readonly keepAliveMs?: number | undefined;
  /** An undici dispatcher to send with, instead of a pool of our own. It stays the caller's to close. */
  readonly dispatcher?: Dispatcher | undefined;
}
