import type { DescFile } from "@bufbuild/protobuf";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";

/** The methods of the file's service, if that is Centrifugo's API. */
export function apiOf(file: DescFile): MethodTable | undefined {
  for (const service of file.services) {
    try {
      return methodTable(service);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return undefined;
}
