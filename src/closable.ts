import type { Call } from "./call.ts";
import { CentRequestError } from "./errors.ts";

/** What is made between the creation of a client and its end. */
export interface Lifetime {
  /** Runs work of a method, which the end waits for, and which is refused after it. */
  track<T>(method: string, work: () => Promise<T>): Promise<T>;
  /** The error for a method, where the client has ended. */
  refusal(method: string): CentRequestError | undefined;
}

/** Counts the calls under way, to wait for their end, and refuses those that come after it. */
export function closable(call: Call): { call: Call; lifetime: Lifetime; end(): Promise<void> } {
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let underWay = 0;
  let ended = false;
  const lifetime: Lifetime = {
    async track(method, work) {
      if (ended) throw lifetime.refusal(method);
      underWay++;
      try {
        return await work();
      } finally {
        underWay--;
        if (ended && underWay === 0) becomeIdle();
      }
    },
    refusal: (method) =>
      ended ? new CentRequestError(`${method}: the client is closed`, { method }) : undefined,
  };
  return {
    call: (method, request, options) => lifetime.track(method.name, () => call(method, request, options)),
    lifetime,
    end() {
      ended = true;
      if (underWay === 0) becomeIdle();
      return idle;
    },
  };
}
