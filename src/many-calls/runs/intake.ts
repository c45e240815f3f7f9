import { classOf } from "../../codec/caller-values.ts";
import { isFunction } from "../../options/option-checks.ts";

/** The input of `publishMany` and `broadcastMany`: an array, a generator, a stream … */
export type RunInput<T> = Iterable<T> | AsyncIterable<T>;

/** Whether a value can be read from. A string can, but nobody means its characters. */
export function isRunInput(value: unknown): value is RunInput<unknown> {
  if (typeof value !== "object" || value === null || classOf(value) === "String") return false;
  return isAsync(value) || isFunction(Reflect.get(value, Symbol.iterator));
}

function isAsync(input: object): input is AsyncIterable<unknown> {
  return isFunction(Reflect.get(input, Symbol.asyncIterator));
}

/** The run that reads. `onOver` is called when an async input has ended. */
type Reader = Readonly<{ hasRoom(): boolean; take(value: unknown): void; onOver(): void }>;

/** Reads an input no further than there is room for. */
export class Intake {
  readonly #input: RunInput<unknown>;
  readonly #reader: Reader;
  readonly #isAsync: boolean;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #isReading = false;
  /** Whether there is no more to come. */
  isOver = false;
  /** The error that the input threw, also as it was opened. */
  failure: { readonly error: unknown } | undefined;

  constructor(input: RunInput<unknown>, reader: Reader) {
    this.#input = input;
    this.#reader = reader;
    this.#isAsync = isAsync(input);
  }

  /** Reads on, at once where it can. */
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
   * Lets the input know that nobody reads on. It rejects with what the input throws at that, and may never answer. It
   * does not wait for an input that is being read, which may not answer before it has more.
   */
  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    // A caller's iterator may give no promise.
    const returned = Promise.resolve(this.#iterator?.return?.());
    if (!this.#isReading) await returned;
    else
      returned.catch(() => {
        // Nobody waits for it, and the run has ended for another reason.
      });
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
