import { tracingChannel } from "node:diagnostics_channel";
import { onTestFinished } from "vitest";
import type { TracedCall } from "../../src/index.ts";

const channel = tracingChannel<unknown, TracedCall>("tscent.call");

/** Listens until the test ends. Gives the events by their names, and the contexts in order of their start. */
export function listenToCalls(onStart: (call: TracedCall) => void = () => {}) {
  const events: string[] = [];
  const calls: TracedCall[] = [];
  const record = (event: string) => (call: TracedCall) => {
    events.push(`${event} ${call.method}`);
  };
  const handlers = {
    start(call: TracedCall) {
      calls.push(call);
      events.push(`start ${call.method}`);
      onStart(call);
    },
    end: record("end"),
    asyncStart: record("asyncStart"),
    asyncEnd: record("asyncEnd"),
    error: record("error"),
  };
  channel.subscribe(handlers);
  onTestFinished(() => void channel.unsubscribe(handlers));
  return {
    events,
    calls,
    /** The contexts of one kind. */
    of: (kind: TracedCall["kind"]) => calls.filter((call) => call.kind === kind),
  };
}
