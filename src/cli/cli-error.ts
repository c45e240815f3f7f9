/** A failure to be told to the person who typed the command line. */
export class CliError extends Error {
  override readonly name = "CliError";
}
