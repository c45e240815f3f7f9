import type { TlsOptions } from "./tls.ts";

/** How either transport makes its connections. */
export interface ConnectionOptions {
  readonly tls?: TlsOptions | undefined;
  /** A Unix socket to connect to, instead of the host and port of the address. */
  readonly socketPath?: string | undefined;
  /** Milliseconds that a connection may take to be made, TLS included. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
}

/** A connection that gets stuck in its TLS handshake is given up by then, whatever the deadlines of the calls. */
export const defaultConnectTimeoutMs = 10_000;
/** The most bytes of one reply. */
export const defaultMaxResponseBytes = 32 * 1024 * 1024;
