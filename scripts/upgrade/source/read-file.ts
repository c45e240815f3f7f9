import { readFile, stat } from "node:fs/promises";
import { UpgradeError } from "../upgrade-error.ts";
import { decodeText } from "./decode-text.ts";

/** Reads a schema from a file. */
export async function readSchemaFile(path: string, name: string, maxBytes: number): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new UpgradeError(
      `${name}: there is no such file. Expected a path, a URL, a version (v6.9.1), \`latest\` or buf.build/centrifugo/apiproto`,
    );
  });
  if (found.isDirectory()) throw new UpgradeError(`${name} is a folder; expected the path of an api.proto`);
  if (found.size > maxBytes)
    throw new UpgradeError(`${name} is more than ${maxBytes} bytes; that is no API schema`);
  return decodeText(await readFile(path), name);
}
