/**
 * Gives values until their end, or until a signal aborts: then at once, even if the next value never comes. The values'
 * `finally` runs in each case.
 *
 * @param onLate takes the errors from after the end
 */
export async function* untilAborted<Value>(
  values: AsyncIterable<Value>,
  signal: AbortSignal,
  onLate: (error: unknown) => void,
): AsyncGenerator<Value, void> {
  const iterator = values[Symbol.asyncIterator]();
  let leave = () => {};
  const onAbort = () => leave();
  signal.addEventListener("abort", onAbort);
  // One promise for each value: a promise for all of them would keep each value in memory.
  const next = () =>
    new Promise<IteratorResult<Value> | undefined>((resolve, reject) => {
      leave = () => resolve(undefined);
      iterator.next().then(resolve, (error) => (signal.aborted ? onLate(error) : reject(error)));
    });
  try {
    while (!signal.aborted) {
      const step = await next();
      if (step === undefined || step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // The end is not awaited: a generator that waits for something else returns only after that.
    Promise.resolve(iterator.return?.()).catch(onLate);
  }
}

/** The same for the messages of a peer, whose error means that the peer is gone. The signal may abort a moment later. */
export async function* untilGone<Value>(
  values: AsyncIterable<Value>,
  signal: AbortSignal,
): AsyncGenerator<Value, void> {
  try {
    yield* untilAborted(values, signal, () => {});
  } catch {
    // The end of the values says it.
  }
}
