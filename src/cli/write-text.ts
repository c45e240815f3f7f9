import { writeFileSync } from "node:fs";
import { Socket } from "node:net";

/** Error codes of a pipe whose reader has gone, as in `tscent methods | head`. That is no failure. */
const left = ["EPIPE", "ERR_STREAM_DESTROYED"];

function ignore(): void {
  // The callback of each write gets the same error. Without this listener the error would end the process.
}

/**
 * Writes a text to `process.stdout` or `process.stderr`: a terminal, a pipe or a file.
 *
 * @throws Error of the system if not all of it was written, as on a full disk
 */
export async function writeText(stream: NodeJS.WriteStream, text: string): Promise<void> {
  // On a disk that fills up, a file's stream reports success though only a part of the text was written.
  if (!(stream instanceof Socket)) return writeFileSync((stream as { fd: number }).fd, text);
  stream.off("error", ignore).on("error", ignore);
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (!error || left.includes(error.code ?? "")) resolve();
      else reject(error);
    });
  });
}
