import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { spinalCase } from "./arguments.ts";
import { optionLines } from "./columns.ts";
import { apiMethods, ownCommands } from "./commands.ts";
import { connectionHelp } from "./connection-options.ts";
import { methodFields } from "./method-fields.ts";

/** The lines of `tscent --help`. */
export function help(): readonly string[] {
  const methods = apiMethods().map((method) => {
    const { words } = methodFields(method);
    const shown = [spinalCase(method.path), ...words.map(({ option }) => `<${option}>`)].join(" ");
    return { shown, isPro: proMethods.includes(method.name) };
  });
  const lines = (isPro: boolean) =>
    methods.filter((one) => one.isPro === isPro).map(({ shown }) => `  ${shown}`);
  return [
    "Usage: tscent <command> [options]",
    "",
    `  tscent publish chat '{"text":"hi"}' --url http://localhost:8000/api`,
    "",
    "Calls the server API of Centrifugo. tscent <command> --help has its options.",
    "",
    ...optionLines(Object.entries(ownCommands).map(([name, { text }]) => [name, text])),
    "",
    "Methods of the server:",
    ...lines(false),
    "",
    "Methods of Centrifugo PRO:",
    ...lines(true),
    "",
    "Options of each command that calls a server:",
    ...optionLines(connectionHelp),
    "",
    "Options of all commands:",
    ...optionLines([
      ["--json", "write JSON without line breaks; errors of calls, too"],
      ["-h, --help", "write the help of the command"],
      ["--version", "without a command, write the version of this package"],
    ]),
    "",
    "Exit codes: 0 success, 1 some items failed, 2 wrong use or request, 3 an error of",
    "Centrifugo, 4 no connection, 5 no reply in time, 6 wrong key, 7 the server lacks",
    "the method, 8 another status, 9 a reply that cannot be read, 130 Ctrl-C.",
  ];
}
