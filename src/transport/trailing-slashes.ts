/** An address without the slashes at its end. A regular expression takes quadratic time for many that are not at its end. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === "/") end--;
  return address.slice(0, end);
}
