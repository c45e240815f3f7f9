import { text } from "node:stream/consumers";
import { messageOf } from "../transport/transport-failure.ts";
import { CliError } from "./cli-error.ts";
import { readRegularFile, UnfitFileError } from "./read-regular-file.ts";

/** Limit for a file, and for a line of the standard input. The image of Centrifugo's API has 34,000 bytes. */
const mostBytes = 16 * 1024 * 1024;

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

/** Reads a text file. @throws CliError naming the file */
export const readText = (file: string) => readBytes(file).toString("utf8");

/** Reads a text file, or the standard input for `-`. @throws CliError naming the file */
export async function readTextOrInput(file: string, input: () => AsyncIterable<Uint8Array>): Promise<string> {
  return file === "-" ? text(input() as NodeJS.ReadableStream & AsyncIterable<Uint8Array>) : readText(file);
}

/**
 * The lines of a stream, without their ends. `node:readline` would also break lines at U+2028, which JSON may contain.
 *
 * @throws CliError naming a line that is longer than a file may be
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 1;
  for await (const chunk of stream) {
    const [end = "", ...starts] = decoder.decode(chunk, { stream: true }).split("\n");
    rest += end;
    if (rest.length > mostBytes)
      throw new CliError(`line ${number}: expected at most ${mostBytes} characters`);
    for (const start of starts) {
      yield rest;
      rest = start;
      number++;
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
