import type { GeneratedFile } from "@bufbuild/protoplugin";
import type { Method, MethodTable } from "../../src/schema/method-table.ts";
import { requiresPro } from "./comment.ts";

/** Whether the comment on a method says "Requires Centrifugo PRO". */
export const isPro = ({ rpc, command }: Method) =>
  requiresPro(rpc) || (command !== undefined && requiresPro(command));

/** Prints the list of methods whose comments say "Requires Centrifugo PRO". */
export function printProMethods(file: GeneratedFile, { methods }: MethodTable): void {
  const names = methods.filter(isPro).map(({ name }) => name);
  file.print(file.jsDoc("The client's names of the methods that only Centrifugo PRO has."));
  file.print(file.export("const", "proMethods"), ": readonly string[] = [");
  for (const name of names) file.print(`  "${name}",`);
  file.print("];");
}
