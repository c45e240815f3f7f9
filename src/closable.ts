import type { Call } from "./call.ts";
import { CentRequestError } from "./errors.ts";

/** Counts the calls under way, to wait for their end, and refuses those that come after it. */
export function closable(call: Call): { call: Call; end(): Promise<void> } {
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let underWay = 0;
  let ended = false;
  return {
    async call(method, request, options) {
      if (ended) throw new CentRequestError(`${method.name}: the client is closed`, { method: method.name });
      underWay++;
      try {
        return await call(method, request, options);
      } finally {
        underWay--;
        if (ended && underWay === 0) becomeIdle();
      }
    },
    end() {
      ended = true;
      if (underWay === 0) becomeIdle();
      return idle;
    },
  };
}
