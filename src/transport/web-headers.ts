/** Node's and undici's form of headers as a `Headers` object. HTTP/2's own, which start with a colon, are left out. */
export function webHeaders(
  received: Readonly<Record<string, string | readonly string[] | undefined>>,
): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received)) {
    if (name.startsWith(":")) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}
