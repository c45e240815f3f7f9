import type { DescFile } from "@bufbuild/protobuf";
import type { Comments, Locations } from "../schema/locations.ts";
import { headerKey, packageKey } from "../schema/locations.ts";
import { quote } from "../schema/quote.ts";
import { usedImports } from "../schema/used-imports.ts";
import { inOrder } from "./in-order.ts";
import { withComments } from "./print-comments.ts";
import { optionStatements } from "./print-options.ts";
import { printService } from "./print-service.ts";
import { printType } from "./print-type.ts";
import { stack } from "./stack.ts";
import { typeNames } from "./type-names.ts";

/**
 * A schema in the one layout that ours has: header, package, imports, services, and the messages and enums in the order
 * of the file. How the file itself was laid out makes no difference.
 */
export function printFile(
  file: DescFile,
  positions: Locations["positions"],
  comments: ReadonlyMap<string, Comments>,
): string {
  const printing = { comments, positions, nameFrom: typeNames(file) };
  const apart = { apart: true, first: false };
  const imports = usedImports(file).map((name) => `import ${quote(name)};`);
  const pieces = [
    withComments(['syntax = "proto3";'], comments.get(headerKey), apart),
    withComments([`package ${file.proto.package};`], comments.get(packageKey), apart),
    ...(imports.length === 0 ? [] : [withComments(imports, undefined, apart)]),
    ...optionStatements(file),
    ...file.services.map((service) => printService(service, printing)),
    ...inOrder([...file.messages, ...file.enums], positions).map((type) => printType(type, false, printing)),
  ];
  return `${stack(pieces).join("\n")}\n`;
}
