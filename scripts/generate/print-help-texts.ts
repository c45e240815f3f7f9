import type { GeneratedFile } from "@bufbuild/protoplugin";
import { bytesSibling } from "../../src/codec/message-fields.ts";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { marksOf, paragraphs } from "../reference/marks.ts";
import { commentOn } from "./comment.ts";

/** Prints the schema's comments on the methods and their fields, which the descriptor at run time does not have. */
export function printHelpTexts(file: GeneratedFile, { methods }: MethodTable): void {
  file.print(file.jsDoc("The help texts of one method."));
  file.print(file.export("interface", "HelpText"), " {");
  file.print("  readonly marks: readonly string[];");
  file.print("  readonly text: readonly string[];");
  file.print("  readonly fields: Readonly<Record<string, string>>;");
  file.print("}");
  file.print();
  file.print(
    file.jsDoc("The schema's comments by the client's names of methods and fields, for the command line."),
  );
  file.print(file.export("const", "helpTexts"), ": Readonly<Record<string, HelpText>> = {");
  for (const method of methods) {
    const fields = method.rpc.input.fields
      .filter((field) => bytesSibling(field) === undefined)
      .map((field) => [field.localName, paragraphs(commentOn(field)).join(" ")]);
    const text = paragraphs(commentOn(method.command ?? method.rpc));
    const texts = { marks: marksOf(method), text, fields: Object.fromEntries(fields) };
    file.print(`  ${method.name}: ${JSON.stringify(texts)},`);
  }
  file.print("};");
}
