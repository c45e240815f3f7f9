import { text } from "node:stream/consumers";
import { messageOf } from "../transport/transport-failure.ts";
import { CliError } from "./cli-error.ts";
import { readRegularFile, UnfitFileError } from "./read-regular-file.ts";

/** Limit for a file. The image of Centrifugo's API has 34,000 bytes. */
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

/** The lines of a stream, without their ends. `node:readline` would also break lines at U+2028, which JSON may contain. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
