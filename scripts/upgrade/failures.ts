/** A failure whose message says what to do, so that its stack is not shown. */
export class UpgradeError extends Error {
  override readonly name = "UpgradeError";
}

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Says that a signal asked the upgrade to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: keyof typeof exitCodes) {
    super(`Ended by ${signal}; nothing was changed.`);
    this.exitCode = exitCodes[signal];
  }
}

/** Turns the signals that end a process into an AbortSignal, for the rest of the process. */
export function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of Object.keys(exitCodes) as (keyof typeof exitCodes)[])
    process.on(name, () => controller.abort(new Interrupted(name)));
  return controller.signal;
}
