import type { TracingChannel } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";
import { listen } from "../tracing/channels.ts";

/** Makes spans of the events of a channel. */
interface Spans<Work> {
  readonly start: (work: Work) => void;
  readonly error?: (work: Work) => void;
  readonly asyncEnd: (work: Work) => void;
}

/**
 * Gives the events of a channel to spans. A function that ends it is returned: work under way still gets its end.
 *
 * No error leaves the spans: an error of a subscriber would end the process, and a span is not worth that.
 */
export function follow<Work extends object>(
  channel: TracingChannel<unknown, Work> | undefined,
  spans: Spans<Work>,
): () => void {
  const underWay = new Set<Work>();
  let hasEnded = false;
  const stop = listen(channel, {
    start(work) {
      if (hasEnded) return;
      underWay.add(work);
      guard(() => spans.start(work));
    },
    error(work) {
      if (underWay.has(work)) guard(() => spans.error?.(work));
    },
    asyncEnd(work) {
      if (!underWay.delete(work)) return;
      guard(() => spans.asyncEnd(work));
      if (hasEnded && underWay.size === 0) stop();
    },
  });
  return () => {
    hasEnded = true;
    if (underWay.size === 0) stop();
  };
}

function guard(make: () => void): void {
  try {
    make();
  } catch (error) {
    diag.error("tscent/otel: a part of OpenTelemetry failed", error);
  }
}
