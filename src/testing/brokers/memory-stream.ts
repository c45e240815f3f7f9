import { randomInt } from "node:crypto";

/** A position in a stream. Offsets are unsigned 64-bit integers, and wrap around. */
export interface StreamPosition {
  readonly offset: bigint;
  readonly epoch: string;
}

/** A publication's version, set by its publisher to guard against stale publications. */
export interface Version {
  readonly version: bigint;
  readonly epoch: string;
}

interface Stored {
  offset: bigint;
}

/** A stream of limited size. The offsets of its items go up by one. A new stream has a new epoch. */
export class MemoryStream<T extends Stored> {
  readonly epoch = newEpoch();
  /** The version of the last item. */
  version: Version = { version: 0n, epoch: "" };
  #top = 0n;
  #items: T[] = [];

  get position(): StreamPosition {
    return { offset: this.#top, epoch: this.epoch };
  }

  /** Adds an item and sets its offset. Drops the oldest items beyond `size`. */
  add(item: T, size: number): void {
    this.#top += 1n;
    item.offset = this.#top;
    this.#items.push(item);
    if (this.#items.length > size) this.#items.splice(0, this.#items.length - size);
  }

  /** Drops the items. Offsets go on. */
  clear(): void {
    this.#items = [];
  }

  /** Items from the oldest, or in reverse from the newest. A negative limit means all. */
  items(limit: number, reverse: boolean): T[] {
    return limited(reverse ? this.#items.toReversed() : this.#items, limit);
  }

  /**
   * Items that follow `since`, or in reverse precede it. If the first of these was trimmed, reading starts at the oldest
   * item. In reverse there are none then.
   */
  itemsSince(since: bigint, limit: number, reverse: boolean): T[] {
    const start = BigInt.asUintN(64, reverse ? since - 1n : since + 1n);
    if (start > this.#top) return [];
    const first = this.#items[0]?.offset ?? 0n;
    const index = start < first ? -1 : Number(start - first);
    if (!(index in this.#items)) return reverse ? [] : limited(this.#items, limit);
    return limited(reverse ? this.#items.slice(0, index + 1).reverse() : this.#items.slice(index), limit);
  }
}

function limited<T>(items: readonly T[], limit: number): T[] {
  return limit < 0 ? [...items] : items.slice(0, limit);
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new epoch: eight random letters, as the server makes them. */
function newEpoch(): string {
  return Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
}
