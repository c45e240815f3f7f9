import { HiddenSecret } from "./hidden-secret.ts";

/** The secret that Centrifugo sends with each request, in a header. */
export interface SharedSecret {
  /** The name of the header, in lower case. */
  readonly header: string;
  /** The secret that the configuration has: the first of several. Undefined if the network protects the proxy. */
  readonly forConfig: HiddenSecret | undefined;
  /** Whether the value of a request's header is one of the secrets. Several values joined are none. */
  matches(value: string | null | undefined): boolean;
}

const defaultHeader = "x-centrifugo-secret";

/** @throws TypeError naming the wrong option, and never showing a secret */
export function sharedSecret(secret: unknown, header: unknown = defaultHeader): SharedSecret {
  if (typeof header !== "string" || !/^[\w!#$%&'*+.^`|~-]+$/.test(header))
    throw new TypeError("createProxy: secretHeader: expected the name of a header");
  const name = header.toLowerCase();
  if (secret === false) return { header: name, forConfig: undefined, matches: () => true };
  if (secret === undefined)
    throw new TypeError(
      "createProxy: secret: is required; pass false if only the network protects the proxy",
    );
  const secrets: readonly unknown[] = Array.isArray(secret) ? [...secret] : [secret];
  // Servers trim spaces around the values of headers, and join several values with a comma.
  if (secrets.length === 0 || !secrets.every((one): one is string => isHeaderValue(one)))
    throw new TypeError(
      "createProxy: secret: expected a string or a list of strings, of printable ASCII characters without commas and spaces",
    );
  return {
    header: name,
    forConfig: new HiddenSecret(secrets[0] as string),
    matches: (value) => typeof value === "string" && isOneOf(secrets, value),
  };
}

function isHeaderValue(value: unknown): value is string {
  return typeof value === "string" && /^[!-+\--~]+$/.test(value);
}

/** Compares with each secret. The time depends on the given value only. */
function isOneOf(secrets: readonly string[], given: string): boolean {
  let found = 0;
  for (const secret of secrets) {
    let difference = secret.length ^ given.length;
    for (let at = 0; at < given.length; at++)
      difference |= given.charCodeAt(at) ^ secret.charCodeAt(at % secret.length);
    found |= difference === 0 ? 1 : 0;
  }
  return found === 1;
}
