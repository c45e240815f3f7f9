/** What went wrong, as it is to be told to whoever typed the command. */
export class CliError extends Error {
  override readonly name = "CliError";
}
