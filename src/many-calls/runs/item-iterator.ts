/** Where items come from. */
export interface ItemSource<Item> {
  /** The next item, if it is there already. */
  take(): Item | undefined;
  /** Waits until there is one, and again, as long as there will be any. */
  readonly arrivals: AsyncGenerator<void, void, undefined>;
}

/**
 * Gives out items one by one, as an async generator would, which takes a few turns of the microtask queue for each: as
 * long as it takes to make one.
 */
export class ItemIterator<Item> implements AsyncGenerator<Item, void, undefined> {
  readonly #source: ItemSource<Item>;
  /** The latest read; those who ask before it has ended are served after it, in turn. */
  #reading: Promise<IteratorResult<Item, void>> | undefined;

  constructor(source: ItemSource<Item>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Item, void>> {
    if (this.#reading === undefined) {
      const value = this.#source.take();
      if (value !== undefined) return Promise.resolve({ done: false, value });
    }
    const read = () => this.#read();
    const reading = this.#reading === undefined ? read() : this.#reading.then(read, read);
    this.#reading = reading;
    const onEnd = () => {
      if (this.#reading === reading) this.#reading = undefined;
    };
    reading.then(onEnd, onEnd);
    return reading;
  }

  return(): Promise<IteratorResult<Item, void>> {
    return this.#end(this.#source.arrivals.return());
  }

  throw(error: unknown): Promise<IteratorResult<Item, void>> {
    return this.#end(this.#source.arrivals.throw(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #read(): Promise<IteratorResult<Item, void>> {
    for (;;) {
      const value = this.#source.take();
      if (value !== undefined) return { done: false, value };
      const { done } = await this.#source.arrivals.next();
      if (done) return { done, value: undefined };
    }
  }

  async #end(ended: Promise<unknown>): Promise<IteratorResult<Item, void>> {
    await ended;
    return { done: true, value: undefined };
  }
}
