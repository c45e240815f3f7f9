/** Shorter ones are no secrets, and would be found in every other word. */
const shortestSecret = 6;

/** Stands where a text was cut short. */
const cut = "…";

/**
 * Takes a secret out of an error and its causes, in place. None of ours shows it, but what stands in front of the server
 * may say in its reply what it was sent.
 */
export function hideSecret(error: unknown, secret: string): void {
  if (secret.length < shortestSecret) return;
  const seen = new Set<unknown>();
  for (let link = error; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link);
    for (const name of Object.getOwnPropertyNames(link)) {
      const value: unknown = Reflect.get(link, name);
      const shown = typeof value === "string" ? withoutSecret(value, secret) : value;
      if (shown !== value) Reflect.set(link, name, shown);
    }
  }
}

function withoutSecret(text: string, secret: string): string {
  let shown = text.replaceAll(secret, "(secret)");
  // What a reply said may have been cut short within it.
  for (let length = secret.length - 1; length >= shortestSecret && shown.includes(cut); length--) {
    shown = shown.replaceAll(secret.slice(0, length) + cut, `(secret)${cut}`);
  }
  return shown;
}

/** Rotating keys that are remembered: the calls under way have the latest. */
const mostSecrets = 1_000;

/** The secrets that a client sent lately, to be hidden wherever a reply may repeat them. */
export class SentSecrets {
  readonly #secrets = new Set<string>();
  #latest: string | undefined;

  /** @param authorization the value of that header, as in `apikey …` */
  add(authorization: string | undefined): void {
    if (authorization === undefined || authorization === this.#latest) return;
    this.#latest = authorization;
    const secret = authorization.slice(authorization.indexOf(" ") + 1);
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > mostSecrets && oldest !== undefined) this.#secrets.delete(oldest);
  }

  hideIn(error: unknown): void {
    for (const secret of this.#secrets) hideSecret(error, secret);
  }
}
