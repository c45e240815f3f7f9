import { Fifo } from "../queue/fifo.ts";
import type { Slot } from "./many-command.ts";

/** What was taken and not given out yet, in the order of the input. */
export class HeldSlots<Result> {
  readonly #slots = new Fifo<Slot<Result>>();
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The one that `shift` would take. */
  get first(): Slot<Result> | undefined {
    return this.#slots.first;
  }

  push(slot: Slot<Result>): void {
    this.#slots.push(slot);
    this.#count++;
    this.#bytes += slot.size;
  }

  shift(): Slot<Result> | undefined {
    const slot = this.#slots.shift();
    if (slot !== undefined) {
      this.#count--;
      this.#bytes -= slot.size;
    }
    return slot;
  }
}
