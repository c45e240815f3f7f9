/** A failure that is shown to the user as one line, without a stack trace. */
export class CliError extends Error {
  override readonly name = "CliError";
}

/** Runs a function of the library, whose TypeErrors are about what the user gave. @throws CliError in their place */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TypeError ? new CliError(error.message, { cause: error }) : error;
  }
}
