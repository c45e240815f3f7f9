type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Converts headers from Node or undici. HTTP/2's pseudo-headers, such as `:status`, are left out. */
export function webHeaders(received: ReceivedHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received)) {
    if (name.startsWith(":")) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

/** Converts headers on demand. The function keeps only the headers alive, not the response. */
export function lazyWebHeaders(received: ReceivedHeaders): () => Headers {
  return () => webHeaders(received);
}
