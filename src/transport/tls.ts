import { createSecureContext } from "node:tls";
import { messageOf } from "./transport-failure.ts";

/** TLS settings, as `node:tls` has them, for either transport. */
export interface TlsOptions {
  /** The certificate authorities to trust instead of the built-in ones, as PEM. */
  ca?: string | Buffer | (string | Buffer)[] | undefined;
  /** The client's certificate, as PEM, for a server that asks for one. */
  cert?: string | Buffer | undefined;
  /** The private key of `cert`, as PEM. */
  key?: string | Buffer | undefined;
  /** The name to expect in the server's certificate. Default: the host of `url`. */
  servername?: string | undefined;
  /** False accepts any certificate. Default true. */
  rejectUnauthorized?: boolean | undefined;
}

/**
 * Refuses certificates and keys that cannot be used: they would come to light with the first call only.
 *
 * @throws TypeError saying what OpenSSL has against them
 */
export function checkTls(tls: TlsOptions | undefined): void {
  if (tls === undefined) return;
  try {
    createSecureContext(tls);
  } catch (cause) {
    const expected = "expected certificates and a key as PEM that belong together";
    throw new TypeError(`tls: ${expected}: ${messageOf(cause)}`, { cause });
  }
}
