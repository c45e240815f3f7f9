import { createSecureContext } from "node:tls";
import type { TlsOptions } from "./tls-options.ts";

/**
 * Refuses certificates and keys that cannot be used, which would come to light with the first call only.
 *
 * @throws TypeError saying what OpenSSL has against them
 */
export function checkTls(tls: TlsOptions | undefined): void {
  if (tls === undefined) return;
  try {
    createSecureContext(tls);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`tls: expected certificates and a key as PEM that belong together: ${reason}`, {
      cause,
    });
  }
}
