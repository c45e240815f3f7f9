import { classOf } from "../../codec/caller-values.ts";
import { isFunction } from "../../options/option-checks.ts";

/**
 * The input of `publishMany` and `broadcastMany`: an array, a generator, a stream … Arrays and sets are named to keep the
 * compiler's message about a wrong element short.
 */
export type RunInput<T> = readonly T[] | Set<T> | Iterable<T> | AsyncIterable<T>;

/** Whether a value is an input. A string is not, although its characters can be iterated. */
export function isRunInput(value: unknown): value is RunInput<unknown> {
  if (typeof value !== "object" || value === null || classOf(value) === "String") return false;
  return isAsync(value) || isFunction(Reflect.get(value, Symbol.iterator));
}

function isAsync(input: object): input is AsyncIterable<unknown> {
  return isFunction(Reflect.get(input, Symbol.asyncIterator));
}

/** The run that reads. `onOver` is called when an async input has ended. */
type Reader = Readonly<{ hasRoom(): boolean; take(value: unknown): void; onOver(): void }>;

/** Reads an input as far as the run has room. */
export class Intake {
  readonly #input: RunInput<unknown>;
  readonly #reader: Reader;
  readonly #isAsync: boolean;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #isReading = false;
  /** Whether the input has ended, failed or been closed. */
  isOver = false;
  /** The error that the input threw, even while it was opened or closed. */
  failure: { readonly error: unknown } | undefined;

  constructor(input: RunInput<unknown>, reader: Reader) {
    this.#input = input;
    this.#reader = reader;
    this.#isAsync = isAsync(input);
  }

  /** Reads on: a sync input at once, an async input value by value. */
  read(): void {
    try {
      while (!this.#isReading && !this.isOver && this.#reader.hasRoom()) {
        this.#iterator ??= this.#open();
        const next = this.#iterator.next();
        if (this.#isAsync) this.#readLater(next);
        else this.#accept(next as IteratorResult<unknown>);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Calls `return()` of the input. Rejects with its error, and may never settle. Does not wait while `next()` is pending: an
   * async generator answers `return()` only after that.
   */
  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    try {
      // A caller's iterator may return no promise.
      const returned = Promise.resolve(this.#iterator?.return?.());
      if (!this.#isReading) await returned;
      else
        returned.catch(() => {
          // The run has already ended for another reason.
        });
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }

  #open(): Iterator<unknown> | AsyncIterator<unknown> {
    const input = this.#input as Iterable<unknown> & AsyncIterable<unknown>;
    return this.#isAsync ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  }

  async #readLater(next: unknown): Promise<void> {
    this.#isReading = true;
    try {
      const result = (await next) as IteratorResult<unknown>;
      if (!this.isOver) this.#accept(result);
    } catch (error) {
      this.#fail(error);
    }
    this.#isReading = false;
    if (this.isOver) this.#reader.onOver();
    else this.read();
  }

  #accept({ done, value }: IteratorResult<unknown>): void {
    if (done) this.isOver = true;
    else this.#reader.take(value);
  }

  #fail(error: unknown): void {
    if (!this.isOver) this.failure = { error };
    this.isOver = true;
  }
}
