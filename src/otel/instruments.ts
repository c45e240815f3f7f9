import type { Counter, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";
import { durationBoundaries, names, ownNames } from "./attributes.ts";

const batchBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** The metrics of calls, and of requests to handlers. */
export class Instruments {
  /** Seconds of a call, its retries included. */
  readonly clientDuration: Histogram;
  readonly serverDuration: Histogram;
  /** Calls in flight. */
  readonly activeCalls: UpDownCounter;
  readonly retries: Counter;
  readonly batchSizes: Histogram;

  constructor(meter: Meter) {
    const duration = (name: string, description: string) =>
      meter.createHistogram(name, {
        description,
        unit: "s",
        advice: { explicitBucketBoundaries: [...durationBoundaries] },
      });
    this.clientDuration = duration(names.METRIC_RPC_CLIENT_CALL_DURATION, "Duration of calls to Centrifugo");
    this.serverDuration = duration(
      names.METRIC_RPC_SERVER_CALL_DURATION,
      "Duration of Centrifugo's requests",
    );
    this.activeCalls = meter.createUpDownCounter(ownNames.activeCalls, {
      description: "Calls to Centrifugo in flight",
      unit: "{call}",
    });
    this.retries = meter.createCounter(ownNames.retries, {
      description: "Requests to Centrifugo that were sent again",
      unit: "{retry}",
    });
    this.batchSizes = meter.createHistogram(ownNames.batchSizes, {
      description: "Commands or channels in a request to Centrifugo",
      unit: "{command}",
      advice: { explicitBucketBoundaries: batchBoundaries },
    });
  }
}
