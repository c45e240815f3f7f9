import { metrics } from "@opentelemetry/api";
import { afterEach, expect, test } from "vitest";
import { version } from "../../src/options/version.ts";
import { Providers } from "../../src/otel/providers.ts";
import { recordedProviders } from "./recorded-providers.ts";

afterEach(() => metrics.disable());

test("the metrics have units and descriptions, and histograms have buckets", () => {
  const { meterProvider, instruments, getMeter } = recordedProviders();
  new Providers({ meterProvider }).instruments;
  expect(getMeter).toHaveBeenCalledExactlyOnceWith("tscent", version);
  const explicitBucketBoundaries = expect.arrayContaining([0.005, 10]);
  const sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];
  expect(Object.fromEntries(instruments)).toEqual({
    "rpc.client.call.duration": {
      description: "Duration of calls to Centrifugo",
      unit: "s",
      advice: { explicitBucketBoundaries },
    },
    "rpc.server.call.duration": {
      description: "Duration of Centrifugo's requests",
      unit: "s",
      advice: { explicitBucketBoundaries },
    },
    "tscent.client.active_calls": { description: "Calls to Centrifugo in flight", unit: "{call}" },
    "tscent.client.retries": {
      description: "Requests to Centrifugo that were sent again",
      unit: "{retry}",
    },
    "tscent.client.batch.size": {
      description: "Commands or channels in a request to Centrifugo",
      unit: "{command}",
      advice: { explicitBucketBoundaries: sizes },
    },
  });
});

test("the metrics are made once, and again for another global provider", () => {
  const [first, second] = [recordedProviders(), recordedProviders()];
  const providers = new Providers({});
  metrics.setGlobalMeterProvider(first.meterProvider);
  const { instruments } = providers;
  expect(providers.instruments).toBe(instruments);
  expect(first.getMeter).toHaveBeenCalledTimes(1);
  metrics.disable();
  metrics.setGlobalMeterProvider(second.meterProvider);
  expect(providers.instruments).not.toBe(instruments);
  expect(second.getMeter).toHaveBeenCalledTimes(1);
});
