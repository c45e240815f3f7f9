import { Fifo } from "../limits/fifo.ts";
import { CliError } from "./cli-error.ts";
import { readExact } from "./exact-json.ts";
import { linesOf } from "./read-text.ts";

type Publication = { channel: string; data: unknown };

/** The publications in the lines of an input. Blank lines are skipped, so it keeps the number of each publication's line. */
export class PublicationLines implements AsyncIterable<Publication> {
  /** The number of the last line that was taken, from 1; 0 before the first. */
  taken = 0;
  readonly #input: AsyncIterable<Uint8Array>;
  readonly #end: AbortSignal;
  /** The lines that were taken and have no outcome yet. */
  readonly #open = new Fifo<number>();

  /** @param end ends the publications, wherever the input is */
  constructor(input: AsyncIterable<Uint8Array>, end: AbortSignal) {
    this.#input = input;
    this.#end = end;
  }

  /** The number of the line whose outcome comes next. Outcomes come in the order of the lines. */
  next(): number {
    return this.#open.shift() ?? 0;
  }

  /** @throws CliError naming a line that is not JSON */
  async *[Symbol.asyncIterator](): AsyncGenerator<Publication, void, undefined> {
    try {
      let number = 0;
      for await (const text of linesOf(this.#input)) {
        if (this.#end.aborted) return;
        number++;
        if (text.trim() === "") continue;
        const publication = parsed(text, number);
        this.taken = number;
        this.#open.push(number);
        yield publication;
      }
    } catch (error) {
      // The signal ends a stream with an error.
      if (!this.#end.aborted) throw error;
    }
  }
}

function parsed(text: string, number: number): Publication {
  try {
    return readExact(text) as Publication;
  } catch (cause) {
    // JSON.parse would show a part of the line, which may be secret.
    throw new CliError(`line ${number}: expected JSON`, { cause });
  }
}
