import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescFile } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { runCommand } from "../run-command.ts";
import { UpgradeError } from "../upgrade-error.ts";

/** Where the schema is in its module, whatever upstream keeps it as. */
export const schemaPath = "centrifugal/centrifugo/api/api.proto";

const timeoutMs = 60_000;

/**
 * Compiles the text of a schema with buf.
 *
 * @param name what it is called in complaints
 * @param folder a temporary folder
 */
export async function buildSchema(
  text: string,
  { name, folder, signal }: { name: string; folder: string; signal: AbortSignal },
): Promise<DescFile> {
  const module = await mkdtemp(join(folder, "build-"));
  const file = join(module, schemaPath);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  // A configuration of its own, or buf would look for one further up.
  await writeFile(join(module, "buf.yaml"), "version: v2\n");
  const args = ["build", ".", "--as-file-descriptor-set", "--output", "-"];
  const { code, stdout, said } = await runCommand("buf", args, { cwd: module, signal, timeoutMs });
  if (code !== 0) throw notBuilt(said.replaceAll(schemaPath, name).trim(), text, name);
  const schema = schemaIn(stdout);
  if (schema === undefined)
    throw new UpgradeError(
      `buf wrote no descriptor of ${name}; is another program of that name on the PATH?`,
    );
  return schema;
}

function schemaIn(image: Uint8Array): DescFile | undefined {
  try {
    return createFileRegistry(fromBinary(FileDescriptorSetSchema, image)).getFile(schemaPath);
  } catch {
    // What is written by another program is no image.
    return undefined;
  }
}

function notBuilt(complaint: string, text: string, name: string): UpgradeError {
  const [, line, column] = /:(\d+):(\d+):imported file does not exist/.exec(complaint) ?? [];
  if (line === undefined)
    return new UpgradeError(`${name} is not a schema that buf can compile:\n${complaint}`);
  const statement = text.split("\n")[Number(line) - 1]?.slice(Number(column) - 1) ?? "";
  const imported = /"([^"]*)"|'([^']*)'/.exec(statement)?.slice(1).join("") ?? "a file";
  return new UpgradeError(
    `${name} imports ${imported}, which buf cannot find; only google/protobuf/*.proto can be imported:\n${complaint}`,
  );
}
