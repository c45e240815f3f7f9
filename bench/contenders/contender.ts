import type { BenchAddresses } from "../server.ts";

/** One publish of a benchmark. */
export interface Publish {
  readonly channel: string;
  readonly data: object;
}

/**
 * A way to call the server's API, with what it can do. Each does the same work: it sends data, reads the whole reply
 * and looks for errors in it.
 */
export interface Contender {
  publish?(publish: Publish): Promise<unknown>;
  /** Publishes all, in whatever way it is meant to be done; it resolves when the last one was answered. */
  publishAll?(publishes: readonly Publish[]): Promise<unknown>;
  /** Publishes all in one `batch`. */
  batch?(publishes: readonly Publish[]): Promise<unknown>;
  broadcast?(channels: readonly string[], data: object): Promise<unknown>;
  /** Reads all publications of a channel, with their data parsed, and says how many there were. */
  history?(channel: string): Promise<number>;
  close(): Promise<void>;
}

export type CreateContender = (server: BenchAddresses) => Contender;

interface Reply {
  readonly error?: { readonly code: number } | undefined;
}

/** Every contender looks for the server's error; leaving it out would be faster, and of no use. */
export function checked<R extends Reply>(reply: R): R {
  if (reply.error !== undefined) throw new Error(`the server answered with error ${reply.error.code}`);
  return reply;
}

/** Runs `work` for each item, with so many at the same time. */
export async function inFlight<Item>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/** The items in groups of `size`. */
export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
