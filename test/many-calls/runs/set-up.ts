import type { ManyItem } from "../../../src/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";

/** Starts a server, and a client without batching. */
export const start = (protocol: "http" | "grpc", options: Parameters<typeof startBatching>[1] = {}) =>
  startBatching(protocol, { batching: false, ...options });

/** `count` publications, in turn to `channels` channels. */
export function* publications(count: number, channels = 10) {
  for (let n = 0; n < count; n++) yield { channel: `chat_${n % channels}`, data: n };
}

/** The same values, each in a turn of its own. */
export async function* later<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) {
    await undefined;
    yield value;
  }
}

export async function itemsOf<T>(run: AsyncIterable<ManyItem<T>>): Promise<ManyItem<T>[]> {
  const items: ManyItem<T>[] = [];
  for await (const item of run) items.push(item);
  return items;
}
