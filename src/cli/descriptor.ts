import type { DescService } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { CentrifugoApi } from "#api";
import type { MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import { messageOf } from "../transport/transport-failure.ts";
import { CliError } from "./cli-error.ts";
import { readBytes } from "./read-text.ts";

/**
 * Reads Centrifugo's methods from a descriptor image, as written by `buf build -o` and `protoc --descriptor_set_out`.
 *
 * @throws CliError for a file that cannot be read, or that has no such service
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

/** The only service of an image is taken for Centrifugo's API, even if its package has another name. */
function only(services: readonly DescService[]): DescService | undefined {
  return services.length === 1 ? services[0] : undefined;
}

function readServices(file: string): DescService[] {
  const bytes = readBytes(file);
  try {
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
    return [...registry].filter((type) => type.kind === "service");
  } catch (cause) {
    const expected = `expected a descriptor image, as \`buf build -o ${file}\` makes it`;
    throw new CliError(`${file}: ${expected} (${messageOf(cause)})`, { cause });
  }
}
