import { readFileSync } from "node:fs";
import type { DescService } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { CentrifugoApi } from "#api";
import type { MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import { CliError } from "./cli-error.ts";

/**
 * The methods of Centrifugo's service in a descriptor image, as `buf build -o` and `protoc --descriptor_set_out` write it.
 *
 * @throws CliError for a file that cannot be read, or has no such service
 */
export function readDescriptor(file: string): MethodTable {
  const services = readServices(file);
  const service = services.find(({ typeName }) => typeName === CentrifugoApi.typeName) ?? only(services);
  if (service === undefined) {
    const others = services.map(({ typeName }) => typeName).join(", ") || "none";
    throw new CliError(`${file}: expected the service ${CentrifugoApi.typeName}; it has ${others}`);
  }
  try {
    return methodTable(service);
  } catch (error) {
    throw error instanceof TypeError ? new CliError(`${file}: ${error.message}`) : error;
  }
}

/** A service of another package may be Centrifugo's API all the same. */
function only(services: readonly DescService[]): DescService | undefined {
  return services.length === 1 ? services[0] : undefined;
}

function readServices(file: string): DescService[] {
  const bytes = attempt(() => readFileSync(file), `${file}: cannot be read`);
  const expected = `${file}: expected a descriptor image, as \`buf build -o ${file}\` makes it`;
  return attempt(() => {
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
    return [...registry].filter((type) => type.kind === "service");
  }, expected);
}

function attempt<T>(run: () => T, failure: string): T {
  try {
    return run();
  } catch (cause) {
    throw new CliError(`${failure} (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
}
