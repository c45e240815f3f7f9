import { builtin } from "./node-builtins.ts";
import { messageOf } from "./transport-failure.ts";

/** TLS settings of both transports, named as in `node:tls`. */
export interface TlsOptions {
  /** Certificate authorities to trust, as PEM. They replace the built-in ones. */
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
 * Checks certificates and keys when a client is created, not at its first call. OpenSSL does not report a bad authority, or
 * a certificate without its key.
 *
 * @throws TypeError naming the option, with OpenSSL's reason if it gives one
 */
export function checkTls(tls: TlsOptions | undefined): void {
  if (tls === undefined) return;
  const { ca, cert, key } = tls;
  for (const [name, value] of Object.entries({ ca, cert, key }))
    if (value?.length === 0) throw new TypeError(`tls.${name}: expected PEM, got nothing`);
  try {
    builtin("node:tls").createSecureContext(tls);
  } catch (cause) {
    const expected = "expected certificates and a key as PEM that belong together";
    throw new TypeError(`tls: ${expected}: ${messageOf(cause)}`, { cause });
  }
  if (cert && !key) throw new TypeError("tls.cert: expected key beside it");
  if (key && !cert) throw new TypeError("tls.key: expected cert beside it");
  if (Array.isArray(ca)) for (const [index, pem] of ca.entries()) checkAuthorities(`tls.ca[${index}]`, pem);
  else if (ca) checkAuthorities("tls.ca", ca);
}

const label = /(?=-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----)/;

/** Reads each certificate by itself, because OpenSSL stops silently at the first one that it cannot read. */
function checkAuthorities(option: string, pem: string | Uint8Array): void {
  const text = typeof pem === "string" ? pem : new TextDecoder().decode(pem);
  const [, ...others] = text.split(label);
  const { X509Certificate } = builtin("node:crypto");
  try {
    for (const certificate of [text, ...others]) new X509Certificate(certificate);
  } catch (cause) {
    throw new TypeError(`${option}: expected certificates as PEM: ${messageOf(cause)}`, { cause });
  }
}
