import type { DescFile } from "@bufbuild/protobuf";
import type { MethodTable } from "../../../src/schema/method-table.ts";
import { methodTable } from "../../../src/schema/method-table.ts";
import { UpgradeError } from "../upgrade-error.ts";

const packageName = "centrifugal.centrifugo.api";
const serviceName = "CentrifugoApi";

/** Refuses a schema that is not the server API of Centrifugo. */
export function requireCentrifugo(file: DescFile, name: string): MethodTable {
  const found = file.services.map((service) => service.typeName);
  const service = file.services.find(({ typeName }) => typeName === `${packageName}.${serviceName}`);
  if (service === undefined) {
    throw new UpgradeError(
      `${name} is not Centrifugo's server API: expected the service ${packageName}.${serviceName}, ` +
        `got ${found.join(", ") || `no service, in package ${file.proto.package || "(none)"}`}`,
    );
  }
  try {
    return methodTable(service);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UpgradeError(`${name} is not an API that this SDK can call: ${error.message}`, {
      cause: error,
    });
  }
}
