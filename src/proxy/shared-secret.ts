/** The secret that Centrifugo sends with each request, in a header. */
export interface SharedSecret {
  /** The name of the header, in lower case. */
  readonly header: string;
  /** The secret of the configuration: the first of several. Undefined if the network protects the proxy. */
  readonly forConfig: string | undefined;
  /** Whether the value of a request's header is one of the secrets. Several values joined are none. */
  matches(value: string | null | undefined): boolean;
  /** The headers for handlers, whose logs must not have the secret. */
  withoutSecret(headers: Headers): Headers;
}

/** The check of the option `secret`. */
export function checkSecret(secret: unknown): true | string {
  if (secret === null) return "a secret, or false if only the network protects the proxy";
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  // Servers cut spaces at the ends of a header's value, and join several values with commas.
  const isSendable = (one: unknown) => typeof one === "string" && /^[!-+\--~]+$/.test(one);
  return (
    secret === false ||
    (secrets.length > 0 && secrets.every(isSendable)) ||
    "a string or a list of strings, of visible ASCII characters without commas"
  );
}

export function sharedSecret(secret: string | readonly string[] | false, header: string): SharedSecret {
  if (secret === false)
    return { header, forConfig: undefined, matches: () => true, withoutSecret: (headers) => headers };
  const secrets = typeof secret === "string" ? [secret] : [...secret];
  return {
    header,
    forConfig: secrets[0],
    matches: (value) => typeof value === "string" && isOneOf(secrets, value),
    withoutSecret(headers) {
      const others = new Headers(headers);
      others.delete(header);
      return others;
    },
  };
}

/** Compares with each secret. The time depends on the given value only. */
function isOneOf(secrets: readonly string[], given: string): boolean {
  let found = false;
  for (const secret of secrets) {
    let difference = secret.length ^ given.length;
    for (let at = 0; at < given.length; at++)
      difference |= given.charCodeAt(at) ^ secret.charCodeAt(at % secret.length);
    if (difference === 0) found = true;
  }
  return found;
}
