import type { GeneratedFile } from "@bufbuild/protoplugin";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { requiresPro } from "./comment.ts";

/** Prints the list of methods whose comments say "Requires Centrifugo PRO". */
export function printProMethods(file: GeneratedFile, { methods }: MethodTable): void {
  const names = methods
    .filter(({ rpc, command }) => requiresPro(rpc) || (command !== undefined && requiresPro(command)))
    .map(({ name }) => name);
  file.print(file.jsDoc("The client's names of the methods that only Centrifugo PRO has."));
  file.print(file.export("const", "proMethods"), ": readonly string[] = [");
  for (const name of names) file.print(`  "${name}",`);
  file.print("];");
}
