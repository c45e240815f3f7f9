import { CentRequestError } from "../errors/cent-error.ts";

/** Counts a client's running calls, and refuses new ones after `end`. */
export class CallsUnderWay {
  /** Resolved by the client when its connections are closed, too. */
  readonly closed = Promise.withResolvers<void>();
  readonly #idle = Promise.withResolvers<void>();
  #count = 0;
  #hasEnded = false;

  /** Whether `end` was called. The client then refuses new calls. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Counts a call that begins. It must `leave` when it is over. @throws CentRequestError after `end` */
  enter(method: string): void {
    if (this.#hasEnded) throw new CentRequestError(`${method}: the client is closed`, { method });
    this.#count++;
  }

  leave(): void {
    this.#count--;
    if (this.#hasEnded && this.#count === 0) this.#idle.resolve();
  }

  /** Refuses new calls, and waits at most `timeoutMs` milliseconds for the calls under way. */
  async end(timeoutMs: number): Promise<void> {
    this.#hasEnded = true;
    if (this.#count === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, timeoutMs);
    await Promise.race([this.#idle.promise, late.promise]);
    clearTimeout(timer);
  }
}
