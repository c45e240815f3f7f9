import { mkdir, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { runCommand } from "../run-command.ts";
import { UpgradeError } from "../upgrade-error.ts";
import type { FetchOptions } from "./fetch-options.ts";
import { readSchemaFile } from "./read-file.ts";

/** Gets a module of the Buf Schema Registry, and the schema in it. */
export async function exportModule(reference: string, options: FetchOptions): Promise<string> {
  const { folder, signal, timeoutMs, maxBytes } = options;
  const output = join(folder, "module");
  await mkdir(output);
  const { code, said } = await runCommand("buf", ["export", reference, "--output", output], {
    cwd: folder,
    signal,
    timeoutMs,
  });
  if (code !== 0) throw new UpgradeError(`buf could not export ${reference}:\n${said.trim()}`);
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".proto"))
    .map((entry) => relative(output, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("google/"));
  const apis = files.length === 1 ? files : files.filter((file) => /(?:^|\/)api\.proto$/.test(file));
  const [api, ...others] = apis;
  if (api === undefined || others.length > 0) {
    throw new UpgradeError(
      `${reference}: expected one api.proto in the module, got ${files.join(", ") || "no file"}`,
    );
  }
  return readSchemaFile(join(output, api), `${reference}: ${api}`, maxBytes);
}
