import type { AnyDesc } from "@bufbuild/protobuf";
import { customJsonName } from "../schema/json-name.ts";
import { optionSettings } from "../schema/option-settings.ts";
import { quote } from "../schema/quote.ts";
import type { Piece } from "./stack.ts";

/** Options as statements of their own, in a group; nothing where none is set. */
export function optionStatements(element: AnyDesc): Piece[] {
  const lines = optionSettings(element).map(({ name, value }) => `option ${name} = ${value};`);
  return lines.length === 0 ? [] : [{ lines, commented: false, apart: true }];
}

/** Options in brackets, with a space before them: ` [deprecated = true]`. */
export function bracketedOptions(element: AnyDesc): string {
  const settings = optionSettings(element).map(({ name, value }) => `${name} = ${value}`);
  const jsonName = element.kind === "field" ? customJsonName(element) : undefined;
  if (jsonName !== undefined) settings.push(`json_name = ${quote(jsonName)}`);
  return settings.length === 0 ? "" : ` [${settings.join(", ")}]`;
}
