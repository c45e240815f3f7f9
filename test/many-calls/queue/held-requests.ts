import type { SchedulerOptions } from "../../../src/many-calls/queue/scheduler.ts";
import { Scheduler } from "../../../src/many-calls/queue/scheduler.ts";
import { TestCall } from "../../harness/test-call.ts";

/** A scheduler whose requests stay in flight until the test ends them. */
export function heldRequests(options: Partial<SchedulerOptions<TestCall>> = {}) {
  const sent: number[][] = [];
  const ends: (() => void)[] = [];
  let count = 0;
  const scheduler = new Scheduler<TestCall>({
    ...{ maxCommands: 3, maxBytes: 100, maxDelayMs: 0, inFlight: 1 },
    ...options,
    send(calls) {
      sent.push(calls.map(({ id }) => id));
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const make = (call: { channel?: string; size?: number; goesAlone?: boolean } = {}) => {
    const id = count++;
    return new TestCall(id, [call.channel ?? `c${id}`], call);
  };
  const add = (call: Parameters<typeof make>[0] = {}) => {
    const made = make(call);
    scheduler.add(made);
    return made;
  };
  /** Ends a request, the oldest by default, and waits for the microtasks that follow. */
  const end = async (index = 0) => {
    ends.splice(index, 1)[0]?.();
    for (let microtask = 0; microtask < 10; microtask++) await Promise.resolve();
  };
  return { scheduler, sent, make, add, end };
}

/** The end of a turn of the event loop. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));
