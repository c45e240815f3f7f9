/** Random choices that depend only on the seed and the number of an input. */
export class Random {
  #state: number;

  constructor(seed: number, index: number) {
    this.#state = Math.imul(seed, 0x2545f491) ^ Math.imul(index + 1, 0x5bd1e995);
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.below(10_000) < probability * 10_000;
  }

  pick<T>(list: ArrayLike<T>): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error("there is nothing to pick");
    return picked;
  }

  /** An integer from 1 to `most`, small as often as large. */
  size(most: number): number {
    return Math.floor(Math.exp((this.below(10_001) / 10_000) * Math.log(most)));
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
