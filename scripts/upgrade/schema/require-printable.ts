import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import { UpgradeError } from "../upgrade-error.ts";
import { elementsOf, messagesOf, nameInFile } from "./elements.ts";
import { optionSettings } from "./option-settings.ts";
import { usedImports } from "./used-imports.ts";

/** Refuses a schema with something in it that the printer would lose. */
export function requirePrintable(file: DescFile, name: string): void {
  const lost = [
    ...(file.edition === Edition.EDITION_PROTO3
      ? []
      : [`the syntax: expected proto3, got ${Edition[file.edition]}`]),
    ...usedImports(file)
      .filter((path) => !path.startsWith("google/protobuf/"))
      .map((path) => `the import of ${path}`),
    ...file.proto.publicDependency.map((index) => `the public import of ${file.proto.dependency[index]}`),
    ...file.proto.weakDependency.map((index) => `the weak import of ${file.proto.dependency[index]}`),
    ...file.extensions.map((extension) => `the extension ${extension.typeName}`),
    ...messagesOf(file).flatMap((message) => [
      ...message.nestedExtensions.map((extension) => `the extension ${extension.typeName}`),
      ...message.proto.extensionRange.map(() => `the extension range of ${nameInFile(message)}`),
    ]),
    ...[file, ...elementsOf(file)].flatMap((element: AnyDesc) =>
      optionSettings(element)
        .filter(({ value }) => value === undefined)
        .map((option) => `${option.name} of ${element.kind === "file" ? "the file" : nameInFile(element)}`),
    ),
  ];
  if (lost.length > 0) {
    throw new UpgradeError(
      [
        `${name} has what this command cannot write, and nothing may be lost:`,
        ...lost.map((what) => `- ${what}`),
      ].join("\n"),
    );
  }
}
