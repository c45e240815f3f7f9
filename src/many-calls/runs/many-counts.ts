import type { CentError } from "../../errors/cent-error.ts";
import { isUnknown } from "./is-unknown.ts";
import type { ManyProgress } from "./many-item.ts";

/** What became of what was taken. */
export class ManyCounts {
  #taken = 0;
  #succeeded = 0;
  #failed = 0;
  #unknown = 0;

  get progress(): ManyProgress {
    return { taken: this.#taken, succeeded: this.#succeeded, failed: this.#failed, unknown: this.#unknown };
  }

  /** @returns its place in the input */
  take(): number {
    return this.#taken++;
  }

  succeed(): void {
    this.#succeeded++;
  }

  /** Something failed without being sent. */
  fail(): void {
    this.#failed++;
  }

  /** Something failed that was sent; see {@link isUnknown}. */
  miss(thrown: unknown, error: CentError): void {
    if (isUnknown(thrown, error)) this.#unknown++;
    else this.#failed++;
  }
}
