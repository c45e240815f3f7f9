import type { Arguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { readText } from "./read-text.ts";

/** The secret in the file of `--secret-file`, else in a variable. @throws CliError if neither is given */
export function secretIn(
  given: Arguments,
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
): string {
  const file = given.value("secret-file");
  const secret = file === undefined ? environment[variable] : readText(file).trim();
  if (!secret) throw new CliError(`expected a secret in ${variable}, or in the file of --secret-file`);
  return secret;
}
