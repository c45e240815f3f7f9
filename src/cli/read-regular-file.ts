import type { Stats } from "node:fs";
import { closeSync, constants, openSync, readSync, statSync } from "node:fs";

/** A file that may not be read. The message continues the file's name, as in `is a pipe, not a file`. */
export class UnfitFileError extends Error {
  override readonly name = "UnfitFileError";
}

const chunkBytes = 65_536;

/**
 * Reads a regular file. A pipe or a device may never end, so it is refused before it is opened.
 *
 * @throws UnfitFileError for anything but a regular file of at most `mostBytes`
 * @throws Error of the system for a file that cannot be read
 */
export function readRegularFile(file: string, mostBytes: number): Buffer {
  const stats = statSync(file);
  if (!stats.isFile()) throw new UnfitFileError(`is ${kindOf(stats)}, not a file`);
  // Reading some files below /proc waits forever; with O_NONBLOCK it fails instead.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readAll(handle, mostBytes);
  } finally {
    closeSync(handle);
  }
}

function readAll(handle: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  // The size in `stats` is no use: it is 0 below /proc, and a file may grow.
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
