/** Cuts the slashes at the end. A regular expression would be quadratic for many slashes inside the address. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === "/") end--;
  return address.slice(0, end);
}
