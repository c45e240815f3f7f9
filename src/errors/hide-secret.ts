import { errorChain } from "./error-chain.ts";

/** A shorter text is no secret, and would be found in every other word. */
const shortestSecret = 6;

/** The character that stands where a text was cut short. */
const cut = "…";

/**
 * Takes a secret out of an error and its causes, in place. No message of ours shows it, but a proxy in front of the server
 * may repeat in its response what it was sent.
 */
export function hideSecret(error: unknown, secret: string): void {
  if (secret.length < shortestSecret) return;
  for (const link of errorChain(error)) {
    for (const name of Object.getOwnPropertyNames(link)) {
      const value: unknown = Reflect.get(link, name);
      const shown = typeof value === "string" && name !== "method" ? withoutSecret(value, secret) : value;
      if (shown !== value) Reflect.set(link, name, shown);
    }
  }
}

function withoutSecret(text: string, secret: string): string {
  // Nearly all texts have nothing of the secret, and a look for each of its beginnings takes long.
  if (!text.includes(secret.slice(0, shortestSecret))) return text;
  let shown = text.replaceAll(secret, "(secret)");
  // The text of a response may have been cut short within the secret.
  for (let length = secret.length - 1; length >= shortestSecret && shown.includes(cut); length--) {
    shown = shown.replaceAll(secret.slice(0, length) + cut, `(secret)${cut}`);
  }
  return shown;
}

/** Keys that are remembered where a function rotates them. Each error of a client is searched for all of them. */
const mostSecrets = 10;

/** The secrets that a client sent lately, to be hidden wherever a response may repeat them. */
export class SentSecrets {
  readonly #secrets = new Set<string>();
  #latest: string | undefined;

  /** @param authorization the value of that header, as in `apikey …` */
  add(authorization: string | undefined): void {
    if (authorization === undefined || authorization === this.#latest) return;
    this.#latest = authorization;
    const secret = secretIn(authorization);
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > mostSecrets && oldest !== undefined) this.#secrets.delete(oldest);
  }

  hideIn(error: unknown): void {
    for (const secret of this.#secrets) hideSecret(error, secret);
  }
}

/** The key or token in an authorization header, behind its scheme. */
export function secretIn(authorization: string): string {
  return authorization.slice(authorization.indexOf(" ") + 1);
}
