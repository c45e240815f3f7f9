import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { readRegularFile } from "../../src/cli/read-regular-file.ts";
import { runCommand } from "./run-command.ts";
import { type SchemaFile, schemaFiles } from "./schema-files.ts";
import { UpgradeError } from "./upgrade-error.ts";

/** The most bytes of a schema. */
export const maxBytes = 4 * 1024 * 1024;

/** A copy of the project's `proto/`, and of the settings of buf, to try things out. */
export class SchemaModule {
  readonly folder: string;
  readonly #signal: AbortSignal;

  constructor(project: string, folder: string, signal: AbortSignal) {
    const present = schemaFiles.filter(({ path }) => existsSync(join(project, "proto", path)));
    if (present.length === 0)
      throw new UpgradeError(`${project} has no schema in proto/; run the upgrade in the project's folder`);
    for (const { path } of present) readRegularFile(join(project, "proto", path), maxBytes);
    for (const name of ["buf.yaml", "buf.gen.yaml", "proto"])
      cpSync(join(project, name), join(folder, name), { recursive: true });
    this.folder = folder;
    this.#signal = signal;
  }

  /** The text of a schema; undefined where the project does not have it yet. */
  read({ path }: SchemaFile): string | undefined {
    const file = join(this.folder, "proto", path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  write({ path }: SchemaFile, text: string): void {
    const file = join(this.folder, "proto", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /**
   * Compiles all schemas.
   *
   * @param name what they are called in an error
   */
  async build(name: string): Promise<ReadonlyMap<SchemaFile, FileDescriptorProto>> {
    const image = join(this.folder, "image.binpb");
    await this.#buf(name, "build", "--as-file-descriptor-set", "--output", image);
    const { file: files } = fromBinary(FileDescriptorSetSchema, readFileSync(image));
    rmSync(image);
    const found = schemaFiles.map((schema) => [schema, files.find(({ name }) => name === schema.path)]);
    return new Map(found.filter((pair): pair is [SchemaFile, FileDescriptorProto] => pair[1] !== undefined));
  }

  async format(name: string): Promise<void> {
    await this.#buf(name, "format", "--write");
  }

  async #buf(name: string, command: string, ...args: string[]): Promise<void> {
    const options = { cwd: this.folder, signal: this.#signal };
    const { code, said } = await runCommand("buf", [command, ...args], options);
    if (code !== 0) throw new UpgradeError(`${name} is no schema that buf can ${command}:\n${said}`);
  }
}
