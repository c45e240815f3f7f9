import type { DescFile, DescService } from "@bufbuild/protobuf";
import type { Change } from "./change.ts";
import { compareMarks } from "./compare-marks.ts";
import { compareRpcs } from "./compare-rpcs.ts";
import { compareTypes } from "./compare-types.ts";
import { findRenames } from "./find-renames.ts";

/**
 * Everything that differs between two versions of a schema, comments and order aside. What belongs to an element that is
 * new or gone as a whole is not listed one by one.
 */
export function compareSchemas(before: DescFile, after: DescFile): Change[] {
  const renamed = findRenames(before, after);
  const named = (services: readonly DescService[], { name }: DescService) =>
    services.find((service) => service.name === name);
  return [
    ...compareMarks("file", "api.proto", [before, after]),
    ...before.services
      .filter((service) => named(after.services, service) === undefined)
      .map(
        ({ name }): Change => ({
          kind: "removed",
          element: "service",
          name,
          breaking: "the service is gone",
        }),
      ),
    ...after.services.flatMap((service): Change[] => {
      const former = named(before.services, service);
      if (former === undefined) return [{ kind: "added", element: "service", name: service.name }];
      return [
        ...compareMarks("service", service.name, [former, service]),
        ...compareRpcs(former, service, renamed),
      ];
    }),
    ...compareTypes(before, after, renamed),
  ];
}
