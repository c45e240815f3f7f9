const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** That somebody asked the upgrade to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: keyof typeof exitCodes) {
    super(`Ended by ${signal}; nothing was changed.`);
    this.exitCode = exitCodes[signal];
  }
}

/** Turns the signals that end a process into an AbortSignal, until it is disposed of. */
export function onInterruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const listeners = (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => {
    const listener = () => controller.abort(new Interrupted(name));
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const remove of listeners) remove();
    },
  };
}
