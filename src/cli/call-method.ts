import { isObject } from "../options/option-checks.ts";
import type { Method } from "../schema/method-table.ts";
import type { Arguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import type { Command, Surroundings } from "./command.ts";
import { someFailed } from "./command.ts";
import type { CliClient } from "./connection.ts";
import { withClient } from "./connection.ts";
import { connectionOptions } from "./connection-options.ts";
import { writeExact } from "./exact-json.ts";
import { json, methodFields } from "./method-fields.ts";
import { readTextOrInput } from "./read-text.ts";

type Result = Readonly<Record<string, unknown>>;

/**
 * The command of an API method: its required fields are words, and each field is an option.
 *
 * @param show makes the text of a result; without it, the result is written as JSON
 */
export function methodCommand(method: Method, show?: (result: Result) => string): Command {
  const { all } = methodFields(method);
  const fields = Object.fromEntries(all.map(({ option, kind }) => [option, kind]));
  return {
    // An option of the connection goes before a field of the same name, which `--request` can still give.
    options: { ...fields, request: "value", ...connectionOptions },
    takesWords: true,
    help: async () => (await import("./method-help.ts")).methodHelp(method),
    run: async (given, surroundings) => {
      const request = await readRequest(method, given, surroundings);
      return withClient(given, surroundings, async (client) => {
        const result = await methodOf(client, method)(request);
        const text =
          show && !given.has("json") ? show(result) : writeExact(result, given.has("json") ? 0 : 2);
        await surroundings.out(`${text.trimEnd()}\n`);
        return hasFailures(result) ? someFailed : 0;
      });
    },
  };
}

/** The client's method of a name that is known at run time. */
function methodOf(client: CliClient, { name }: Method): (request: Result) => Promise<Result> {
  return Reflect.get(client, name) as ReturnType<typeof methodOf>;
}

/** The request in `--request`, with the fields that are words or options in place of its own. */
async function readRequest(method: Method, given: Arguments, { input }: Surroundings): Promise<Result> {
  const { words, all } = methodFields(method);
  const file = given.value("request");
  const base = file === undefined ? {} : json("request", await readTextOrInput(file, input));
  if (!isObject(base) || Array.isArray(base)) throw new CliError("--request: expected an object");
  const request: Record<string, unknown> = { ...base };
  for (const field of all)
    if (given.has(field.option) && !Object.hasOwn(connectionOptions, field.option))
      request[field.name] = field.read(given.values(field.option));
  const usage = words.map(({ option }) => `<${option}>`).join(" ");
  if (given.words.length > words.length)
    throw new CliError(
      `expected ${usage === "" ? "options alone" : `${usage} and options`}; see tscent ${method.name} --help`,
    );
  for (const [index, text] of given.words.entries()) {
    const field = words[index];
    if (field !== undefined && given.has(field.option))
      throw new CliError(`--${field.option}: expected it once; a word has it, too`);
    if (field !== undefined) request[field.name] = field.read([text]);
  }
  return request;
}

/** Whether an item of a batch or a broadcast failed. */
function hasFailures(result: Result): boolean {
  return Object.values(result).some(
    (value) =>
      Array.isArray(value) && value.some((item) => isObject(item) && Reflect.get(item, "ok") === false),
  );
}
