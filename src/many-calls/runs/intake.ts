import { classOf } from "../../codec/class-of.ts";
import { isFunction } from "../../options/expect.ts";

/** What a run takes from: its own iterator, read no further than there is room for. */
export interface Intake {
  /** Whether there is no more to come. */
  readonly isOver: boolean;
  /** What the input threw, also as it was opened. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Reads on, at once where it can. */
  read(): void;
  /**
   * Lets the input know that nobody reads on. It rejects with what the input throws at that, and may never answer; it
   * does not wait for an input that is being read, which may not answer before it has more.
   */
  close(): Promise<void>;
}

export interface Reader {
  hasRoom(): boolean;
  take(value: unknown): void;
  /** Called when the input has ended later than `read` was called. */
  onOver(): void;
}

/** What `publishMany` and `broadcastMany` take from: an array, a generator, a stream … */
export type Input<T> = Iterable<T> | AsyncIterable<T>;

/** Whether a value can be read from. A string can, but nobody means its characters. */
export function isInput(value: unknown): value is Input<unknown> {
  if (typeof value !== "object" || value === null || classOf(value) === "String") return false;
  return isAsync(value) || isFunction(Reflect.get(value, Symbol.iterator));
}

function isAsync(input: object): input is AsyncIterable<unknown> {
  return isFunction(Reflect.get(input, Symbol.asyncIterator));
}

export function openIntake(input: Input<unknown>, reader: Reader): Intake {
  return isAsync(input) ? new AsyncIntake(input, reader) : new SyncIntake(input, reader);
}

class SyncIntake implements Intake {
  isOver = false;
  failure: Intake["failure"];
  readonly #input: Iterable<unknown>;
  readonly #reader: Reader;
  #iterator: Iterator<unknown> | undefined;

  constructor(input: Iterable<unknown>, reader: Reader) {
    this.#input = input;
    this.#reader = reader;
  }

  read(): void {
    try {
      this.#iterator ??= this.#input[Symbol.iterator]();
      while (!this.isOver && this.#reader.hasRoom()) {
        const { done, value } = this.#iterator.next();
        if (done) this.isOver = true;
        else this.#reader.take(value);
      }
    } catch (error) {
      this.isOver = true;
      this.failure = { error };
    }
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.#iterator?.return?.();
  }
}

class AsyncIntake implements Intake {
  isOver = false;
  failure: Intake["failure"];
  readonly #input: AsyncIterable<unknown>;
  readonly #reader: Reader;
  #iterator: AsyncIterator<unknown> | undefined;
  #reading = false;

  constructor(input: AsyncIterable<unknown>, reader: Reader) {
    this.#input = input;
    this.#reader = reader;
  }

  read(): void {
    if (!this.#reading && !this.isOver) this.#readOn();
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    // A caller's iterator may give no promise.
    const returned = Promise.resolve(this.#iterator?.return?.());
    if (!this.#reading) await returned;
    else
      returned.catch(() => {
        // Nobody waits for it, and the run has ended for another reason.
      });
  }

  async #readOn(): Promise<void> {
    this.#reading = true;
    try {
      this.#iterator ??= this.#input[Symbol.asyncIterator]();
      while (!this.isOver && this.#reader.hasRoom()) {
        const { done, value } = await this.#iterator.next();
        if (this.isOver) return;
        if (done) this.#end(undefined);
        else this.#reader.take(value);
      }
    } catch (error) {
      if (!this.isOver) this.#end({ error });
    } finally {
      this.#reading = false;
    }
  }

  #end(failure: Intake["failure"]): void {
    this.isOver = true;
    this.failure = failure;
    this.#reader.onOver();
  }
}
