import { readRegularFile, UnfitFileError } from "../../../src/cli/read-regular-file.ts";
import { UpgradeError } from "../upgrade-error.ts";
import { decodeText } from "./decode-text.ts";

/** The most bytes of a schema, wherever it comes from. */
export const maxBytes = 4 * 1024 * 1024;

/**
 * Reads a schema from a file.
 *
 * @throws UpgradeError where there is none, or no schema can be in it
 */
export function readSchemaFile(path: string, name: string, mostBytes: number): string {
  return decodeText(readBytes(path, name, mostBytes), name);
}

function readBytes(path: string, name: string, mostBytes: number): Uint8Array {
  try {
    return readRegularFile(path, mostBytes);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof UnfitFileError)
      throw new UpgradeError(`${name} ${message}; expected the path of an api.proto`, { cause });
    if (code !== "ENOENT" && code !== "ENOTDIR")
      throw new UpgradeError(`${name} cannot be read (${message})`, { cause });
    throw new UpgradeError(
      `${name}: there is no such file. Expected a path, a URL, a version (v6.9.1), \`latest\` or buf.build/centrifugo/apiproto`,
      { cause },
    );
  }
}
