import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createFileRegistry, type DescFile, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UpgradeError } from "./failures.ts";
import { runCommand } from "./run-command.ts";
import { type SchemaFile, schemaFiles } from "./schema-files.ts";

/** A copy of the project's `proto/`, and of the settings of buf, to try things out. */
export class SchemaModule {
  readonly folder: string;
  readonly #signal: AbortSignal;

  private constructor(folder: string, signal: AbortSignal) {
    this.folder = folder;
    this.#signal = signal;
  }

  static async of(project: string, folder: string, signal: AbortSignal): Promise<SchemaModule> {
    const stats = schemaFiles.flatMap(
      ({ path }) => statSync(join(project, "proto", path), { throwIfNoEntry: false }) ?? [],
    );
    if (stats.length === 0 || !stats.every((one) => one.isFile()))
      throw new UpgradeError(`${project} has no schema in proto/; run the upgrade in the project's folder`);
    for (const name of ["buf.yaml", "buf.gen.yaml", "proto"])
      await cp(join(project, name), join(folder, name), { recursive: true });
    // `buf generate` runs the project's own plugin by its path.
    const scripts = join(project, "scripts");
    if (existsSync(scripts)) symlinkSync(scripts, join(folder, "scripts"));
    return new SchemaModule(folder, signal);
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
   * @returns gives the descriptor of a schema, with source information
   */
  async build(name: string): Promise<(schema: SchemaFile) => DescFile> {
    const image = "image.binpb";
    await this.#buf(name, "build", "--as-file-descriptor-set", "--output", image);
    const bytes = readFileSync(join(this.folder, image));
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
    return ({ path }) => {
      const file = registry.getFile(path);
      if (file === undefined) throw new Error(`internal error: buf built no ${path}`);
      return file;
    };
  }

  async format(name: string): Promise<void> {
    await this.#buf(name, "format", "--write");
  }

  #buf(name: string, ...args: string[]): Promise<string[]> {
    const hint = ` on the schema of ${name}`;
    return runCommand("buf", args, { cwd: this.folder, signal: this.#signal, hint });
  }
}
