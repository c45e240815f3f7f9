/** Shorter ones are no secrets, and would be found in every other word. */
const shortestSecret = 6;

/**
 * Takes a secret out of an error and its causes, in place. None of ours shows it, but what stands in front of the server
 * may say in its reply what it was sent.
 */
export function hideSecret(error: unknown, secret: string | undefined): void {
  if (secret === undefined || secret.length < shortestSecret) return;
  const seen = new Set<unknown>();
  for (let link = error; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link);
    for (const name of Object.getOwnPropertyNames(link)) {
      const value: unknown = Reflect.get(link, name);
      if (typeof value === "string" && value.includes(secret)) {
        Reflect.set(link, name, value.replaceAll(secret, "(secret)"));
      }
    }
  }
}
