import { CentRequestError } from "../errors/cent-error.ts";

/** The calls of a client, from its creation to its end. */
export class CallsUnderWay {
  readonly #idle = Promise.withResolvers<void>();
  #count = 0;
  #hasEnded = false;

  /** Whether the client takes no more calls. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Begins a call, which is to `leave` when it is over. @throws CentRequestError where the client has ended */
  enter(method: string): void {
    if (this.#hasEnded) throw new CentRequestError(`${method}: the client is closed`, { method });
    this.#count++;
  }

  leave(): void {
    this.#count--;
    if (this.#hasEnded && this.#count === 0) this.#idle.resolve();
  }

  /** Refuses the calls that come from now on, and waits for the calls under way, but no longer than `timeoutMs`. */
  async end(timeoutMs: number): Promise<void> {
    this.#hasEnded = true;
    if (this.#count === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, timeoutMs);
    await Promise.race([this.#idle.promise, late.promise]);
    clearTimeout(timer);
  }
}
