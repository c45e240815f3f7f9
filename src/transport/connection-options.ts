import type { TlsOptions } from "./tls.ts";

/** Connection settings of both transports. */
export interface ConnectionOptions {
  readonly tls?: TlsOptions | undefined;
  /** Path of a Unix socket, used instead of the address's host and port. */
  readonly socketPath?: string | undefined;
  /** Milliseconds allowed for opening a connection, TLS included. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
}

/** Ends a connection that hangs in its TLS handshake, even if its calls have more time left. */
export const defaultConnectTimeoutMs = 10_000;
export const defaultMaxResponseBytes = 32 * 1024 * 1024;
