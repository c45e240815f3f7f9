import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";

/** Formats a schema as `buf format` does. */
export async function formatSchema(
  text: string,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<string> {
  const module = await mkdtemp(join(folder, "format-"));
  await writeFile(join(module, "buf.yaml"), "version: v2\n");
  await writeFile(join(module, "api.proto"), text);
  const { code, stdout, said } = await runCommand("buf", ["format", "."], { cwd: module, signal });
  if (code !== 0) throw new Error(`buf cannot format what was written:\n${said}`);
  return stdout.toString();
}
