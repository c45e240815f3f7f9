import { writeFileSync } from "node:fs";
import { Socket } from "node:net";

/** The codes of a reader that has left, as `head` does: it wanted no more, and that is no failure. */
const left = ["EPIPE", "ERR_STREAM_DESTROYED"];

function ignore(): void {
  // The callback of each write has the same error. Without a listener it would end the process.
}

/**
 * Writes a text to `process.stdout` or `process.stderr`, whatever they are.
 *
 * @throws Error of the system where not all of it was written, as on a full disk
 */
export async function writeText(stream: NodeJS.WriteStream, text: string): Promise<void> {
  // The stream of a file takes a text that was written in part, as the disk became full, for one that was written.
  if (!(stream instanceof Socket)) return writeFileSync((stream as { fd: number }).fd, text);
  stream.off("error", ignore).on("error", ignore);
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (!error || left.includes(error.code ?? "")) resolve();
      else reject(error);
    });
  });
}
