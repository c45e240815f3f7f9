type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Node's and undici's form of headers as a `Headers` object. HTTP/2's own, which start with a colon, are left out. */
export function webHeaders(received: ReceivedHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received)) {
    if (name.startsWith(":")) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

/** Makes the `Headers` of a response when they are asked for. The function keeps nothing else of the response. */
export function lazyWebHeaders(received: ReceivedHeaders): () => Headers {
  return () => webHeaders(received);
}
