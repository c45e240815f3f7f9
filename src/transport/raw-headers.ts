/** The headers of names and values in turns, as Node's servers give them. */
export function headersOf(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    // HTTP/2 has fields such as `:path`, which are no headers.
    if (!name.startsWith(":")) headers.append(name, value);
  }
  return headers;
}

/** The values of a header, joined. Its name is in lower case. Node's own record drops all but the first of some headers. */
export function valuesOf(rawHeaders: readonly string[], name: string): string | undefined {
  let values: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const other = rawHeaders[at] as string;
    if (other.length === name.length && other.toLowerCase() === name)
      values = values === undefined ? rawHeaders[at + 1] : `${values}, ${rawHeaders[at + 1]}`;
  }
  return values;
}
