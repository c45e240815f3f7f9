import { classOf } from "../class-of.ts";
import { isFunction } from "../expect-option.ts";

/** What a run takes from: its own iterator, read no further than there is room for. */
export interface Intake {
  /** Whether there is no more to come. */
  readonly isOver: boolean;
  /** What the input threw. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Reads on, at once where it can. */
  read(): void;
  /** Lets the input know that nobody reads on. */
  close(): Promise<void>;
}

export interface Reader {
  hasRoom(): boolean;
  take(value: unknown): void;
  /** Called when the input has ended later than `read` was called. */
  onOver(): void;
}

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
  return isAsync(input)
    ? new AsyncIntake(input[Symbol.asyncIterator](), reader)
    : new SyncIntake(input[Symbol.iterator](), reader);
}

class SyncIntake implements Intake {
  isOver = false;
  failure: Intake["failure"];
  readonly #iterator: Iterator<unknown>;
  readonly #reader: Reader;

  constructor(iterator: Iterator<unknown>, reader: Reader) {
    this.#iterator = iterator;
    this.#reader = reader;
  }

  read(): void {
    try {
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
    this.#iterator.return?.();
  }
}

class AsyncIntake implements Intake {
  isOver = false;
  failure: Intake["failure"];
  readonly #iterator: AsyncIterator<unknown>;
  readonly #reader: Reader;
  #reading = false;

  constructor(iterator: AsyncIterator<unknown>, reader: Reader) {
    this.#iterator = iterator;
    this.#reader = reader;
  }

  read(): void {
    if (!this.#reading && !this.isOver) this.#readOn();
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    const returned = this.#iterator.return?.();
    // An input that is asked for more may not answer before there is more.
    if (!this.#reading) await returned;
    else
      returned?.catch(() => {
        // The run has ended for another reason, and says that one.
      });
  }

  async #readOn(): Promise<void> {
    this.#reading = true;
    try {
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
