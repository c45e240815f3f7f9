import type { Stats } from "node:fs";
import { closeSync, constants, openSync, readSync, statSync } from "node:fs";

/** A file that is not read. The message goes behind its name. */
export class UnfitFileError extends Error {
  override readonly name = "UnfitFileError";
}

const chunkBytes = 65_536;

/**
 * Reads a file to its end. A pipe or a device is refused before it is opened, as its end may never come.
 *
 * @throws UnfitFileError for what is no regular file, or is too large
 * @throws Error of the system for what cannot be read
 */
export function readRegularFile(file: string, mostBytes: number): Buffer {
  const stats = statSync(file);
  if (!stats.isFile()) throw new UnfitFileError(`is ${kindOf(stats)}, not a file`);
  // Some files below /proc wait for data without an end; with O_NONBLOCK they say so.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readAll(handle, mostBytes);
  } finally {
    closeSync(handle);
  }
}

function readAll(handle: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  // The size that the system tells is not asked for: it is 0 below /proc, and a file may grow.
  for (let size = 0; ; ) {
    const chunk = Buffer.alloc(chunkBytes);
    const read = readSync(handle, chunk);
    if (read === 0) return Buffer.concat(chunks);
    size += read;
    if (size > mostBytes) throw new UnfitFileError(`is more than ${mostBytes} bytes`);
    chunks.push(chunk.subarray(0, read));
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  return stats.isSocket() ? "a socket" : "a device";
}
