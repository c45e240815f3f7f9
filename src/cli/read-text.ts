import { bytesUpTo } from "../limits/bytes-up-to.ts";
import { messageOf } from "../transport/transport-failure.ts";
import { CliError } from "./cli-error.ts";
import { readRegularFile, UnfitFileError } from "./read-regular-file.ts";

/** Limit for a file, and for a line of the standard input. The image of Centrifugo's API has 34,000 bytes. */
const mostBytes = 16 * 1024 * 1024;
const lineFeed = 10;

/** Reads a file. @throws CliError naming the file */
export function readBytes(file: string): Buffer {
  try {
    return readRegularFile(file, mostBytes);
  } catch (cause) {
    const message = messageOf(cause);
    const said = cause instanceof UnfitFileError ? ` ${message}` : `: cannot be read (${message})`;
    throw new CliError(file + said, { cause });
  }
}

/** Reads a text file in UTF-8, with or without a byte order mark. @throws CliError naming the file */
export const readText = (file: string) => decoded(readBytes(file), file);

/** Reads a text file, or the standard input for `-`. @throws CliError naming the file */
export async function readTextOrInput(file: string, input: () => AsyncIterable<Uint8Array>): Promise<string> {
  if (file !== "-") return readText(file);
  const place = "the standard input";
  const bytes = await bytesUpTo(mostBytes, input());
  if (bytes === undefined) throw new CliError(`${place} is more than ${mostBytes} bytes`);
  return decoded(bytes, place);
}

/**
 * The lines of a stream, without their ends. `node:readline` would also break lines at U+2028, which JSON may contain.
 *
 * @throws CliError naming a line that is longer than a file may be, or not in UTF-8
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  const line = () => decoded(Buffer.concat(parts), `line ${number}`);
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      parts.push(chunk.subarray(start, end));
      yield line();
      parts = [];
      size = 0;
      number++;
      start = end + 1;
    }
    size += chunk.length - start;
    if (size > mostBytes) throw new CliError(`line ${number}: expected at most ${mostBytes} bytes`);
    parts.push(chunk.subarray(start));
  }
  if (size > 0) yield line();
}

/** Decodes UTF-8. Wrong bytes are an error: as U+FFFD they would change the text that is sent. */
function decoded(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError(`${place}: expected UTF-8`, { cause });
  }
}
