import type { BenchAddresses } from "../server.ts";

/** One publish of a benchmark. */
export interface Publish {
  readonly channel: string;
  readonly data: object;
}

/**
 * A way to call the server's API, with the workloads that it supports. Each contender does the same work: it sends the
 * data, reads the whole reply and checks it for errors.
 */
export interface Contender {
  publish?(publish: Publish): Promise<unknown>;
  /** Publishes all in the way that the contender recommends. Resolves after the last reply. */
  publishAll?(publishes: readonly Publish[]): Promise<unknown>;
  /** Publishes all in one `batch`. */
  batch?(publishes: readonly Publish[]): Promise<unknown>;
  broadcast?(channels: readonly string[], data: object): Promise<unknown>;
  /** Reads all publications of a channel with parsed data. Resolves with their number. */
  history?(channel: string): Promise<number>;
  close(): Promise<void>;
}

export type CreateContender = (server: BenchAddresses) => Contender;

interface Reply {
  readonly error?: { readonly code: number } | undefined;
}

/** Every contender checks for the server's error, since every real program has to. */
export function checked<R extends Reply>(reply: R): R {
  if (reply.error !== undefined) throw new Error(`the server answered with error ${reply.error.code}`);
  return reply;
}

/** Runs `work` for each item, `width` of them at the same time. */
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
