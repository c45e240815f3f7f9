/** A queue with `push` and `shift` in amortised constant time. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #front = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  get length(): number {
    return this.#items.length - this.#front;
  }

  /** The item that `shift` would take next. */
  get first(): T | undefined {
    return this.#items[this.#front];
  }

  /** Drops the items for which `isKept` is false. */
  keep(isKept: (item: T) => boolean): void {
    this.#items = this.#items.slice(this.#front).filter((item) => item !== undefined && isKept(item));
    this.#front = 0;
  }

  shift(): T | undefined {
    const item = this.#items[this.#front];
    if (item === undefined) return undefined;
    this.#items[this.#front++] = undefined;
    // The free front is cut off only when it is half of the array: amortised O(1) moves for each item.
    if (this.#front * 2 >= this.#items.length) {
      if (this.#front === this.#items.length) this.#items.length = 0;
      else this.#items.splice(0, this.#front);
      this.#front = 0;
    }
    return item;
  }
}
