import { PathError } from "../../codec/path-error.ts";
import { count, expect, shown } from "../../options/option-checks.ts";
import { refusal } from "../refusal.ts";

const encoder = new TextEncoder();

export const partitionCount = shown(count);

/**
 * The partition of a channel: the 32-bit FNV-1a hash of its UTF-8 bytes, modulo `partitions`. It never changes between
 * versions of this package, so other programs may compute it as well.
 *
 * @param partitions `num_partitions` of Centrifugo's consumer
 * @throws CentRequestError for `partitions` that is not an integer above 0
 */
export function outboxPartition(channel: string, partitions: number): number {
  try {
    const result = partitionCount(partitions);
    expect("partitions", result === true, String(result));
    if (typeof channel !== "string") throw new PathError("expected a string", { path: "channel" });
    return partitionOf(channel, partitions);
  } catch (error) {
    throw refusal(error, undefined, "outboxPartition");
  }
}

export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % partitions;
}
