import { helpTexts } from "../../gen/centrifugal/centrifugo/api/help_texts.ts";
import type { Method } from "../schema/method-table.ts";
import { spinalCase } from "./arguments.ts";
import { optionLines, wrapped } from "./columns.ts";
import { connectionHelp } from "./connection-options.ts";
import { methodFields } from "./method-fields.ts";

/** The lines of `--help` for a method, in the words of the schema. */
export function methodHelp(method: Method): readonly string[] {
  const { words, all } = methodFields(method);
  const { marks = [], text = [], fields = {} } = helpTexts[method.name] ?? {};
  const usage = ["tscent", spinalCase(method.path), ...words.map(({ option }) => `<${option}>`), "[options]"];
  return [
    `Usage: ${usage.join(" ")}`,
    ...(marks.length > 0 ? ["", marks.join(", ").replace("PRO", "Centrifugo PRO")] : []),
    ...text.flatMap((paragraph) => ["", ...wrapped(paragraph, 80)]),
    "",
    ...optionLines([
      ...all.map(({ name, option, form, kind }): readonly [string, string] => [
        `--${option} ${form}`.trimEnd(),
        `${fields[name] ?? ""}${kind === "values" ? " Give it once for each element, or all as a JSON array." : ""}`,
      ]),
      [
        "--request <file>",
        "a file with the request as JSON, or - for the standard input; words and options go before its fields",
      ],
    ]),
    "",
    ...optionLines([...connectionHelp, ["--json", "write the result in one line"]]),
  ];
}
