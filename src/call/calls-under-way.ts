import { CentRequestError } from "../errors/cent-error.ts";

/** The time between the creation of a client and its end. */
export interface Lifetime {
  /**
   * Begins a call, which is to `leave` when it is over.
   *
   * @throws CentRequestError where the client has ended
   */
  enter(method: string): void;
  leave(): void;
  /** Refuses the calls that come from now on, and waits for those under way. */
  end(): Promise<void>;
}

export function createLifetime(): Lifetime {
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let underWay = 0;
  let ended = false;
  return {
    enter(method) {
      if (ended) throw new CentRequestError(`${method}: the client is closed`, { method });
      underWay++;
    },
    leave() {
      underWay--;
      if (ended && underWay === 0) becomeIdle();
    },
    end() {
      ended = true;
      if (underWay === 0) becomeIdle();
      return idle;
    },
  };
}
