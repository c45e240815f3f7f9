import type { Histogram } from "@opentelemetry/sdk-metrics";
import { DataPointType } from "@opentelemetry/sdk-metrics";
import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { startBatching } from "../harness/batching-set-up.ts";
import { rejection } from "../harness/expected-error.ts";
import type { Point } from "../harness/otel-set-up.ts";
import { setUpOtel } from "../harness/otel-set-up.ts";
import { quick, retryingClient } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";

const api = "centrifugal.centrifugo.api.CentrifugoApi";
const histogram = (point: Point | undefined) => point?.value as Histogram;
const valuesOf = (points: readonly Point[] = []) =>
  Object.fromEntries(points.map(({ attributes, value }) => [attributes["rpc.method"], value]));

describe.each(protocols)("metrics of calls over %s", (protocol) => {
  test("a call is measured in seconds, in the buckets of the conventions, without its channel", async () => {
    await using otel = setUpOtel({ channels: true });
    await using set = await startBatching(protocol, { batching: false });
    set.server.fail("publish", { delayMs: 30 });
    await set.cent.publish({ channel: "a", data: 1 });
    await rejection(set.cent.publish({ channel: "unknown:a", data: 1 }));
    const duration = (await otel.metrics()).get("rpc.client.call.duration");
    expect(duration).toMatchObject({ descriptor: { unit: "s" }, dataPointType: DataPointType.HISTOGRAM });
    const [good, bad, ...others] = duration?.dataPoints ?? [];
    expect(others).toEqual([]);
    expect(histogram(good).buckets.boundaries).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]);
    expect([histogram(good).count, histogram(bad).count]).toEqual([1, 1]);
    expect(histogram(good).sum).toBeGreaterThanOrEqual(0.025);
    expect(histogram(good).sum).toBeLessThan(10);
    const { port } = new URL(protocol === "http" ? set.server.httpUrl : set.server.grpcUrl);
    const common = {
      "rpc.method": `${api}/Publish`,
      "rpc.system.name": protocol === "http" ? "centrifugo" : "grpc",
      "server.address": "127.0.0.1",
      "server.port": Number(port),
    };
    expect(good?.attributes).toEqual({ ...common, "rpc.status_code": protocol === "http" ? "200" : "OK" });
    expect(bad?.attributes).toEqual({
      ...common,
      "rpc.status_code": protocol === "http" ? "102" : "OK",
      "error.type": "102",
    });
  });

  test("calls in flight are counted until they end", async () => {
    await using otel = setUpOtel();
    await using set = await startBatching(protocol, { batching: false });
    set.server.fail("publish", { delayMs: 60_000 });
    const controller = new AbortController();
    const call = set.cent.publish({ channel: "a", data: 1 }, { signal: controller.signal });
    expect(valuesOf((await otel.metrics()).get("tscent.client.active_calls")?.dataPoints)).toEqual({
      [`${api}/Publish`]: 1,
    });
    controller.abort();
    await rejection(call);
    expect(valuesOf((await otel.metrics()).get("tscent.client.active_calls")?.dataPoints)).toEqual({
      [`${api}/Publish`]: 0,
    });
  });

  test("requests that are sent again are counted", async () => {
    await using otel = setUpOtel();
    await using set = await startBatching(protocol);
    const cent = retryingClient(protocol, set.server);
    set.server.fail("history", { code: 100 }, { times: 2 });
    await cent.history({ channel: "a" });
    await cent.close();
    const retries = (await otel.metrics()).get("tscent.client.retries");
    expect(valuesOf(retries?.dataPoints)).toEqual({ [`${api}/History`]: 2 });
  });

  test("retries of a shared request count once, not for each of its calls", async () => {
    await using otel = setUpOtel();
    await using set = await startBatching(protocol);
    const cent = createClient({
      transport: protocol,
      url: protocol === "http" ? set.server.httpUrl : set.server.grpcUrl,
      apiKey: set.server.apiKey,
      batching: true,
      retry: { ...quick, idempotencyKeys: true },
    });
    set.server.fail("batch", { status: 503, grpcStatus: 14 });
    await Promise.all([1, 2, 3].map((n) => cent.publish({ channel: `c${n}`, data: n })));
    await cent.close();
    const retries = (await otel.metrics()).get("tscent.client.retries");
    expect(valuesOf(retries?.dataPoints)).toEqual({ [`${api}/Batch`]: 1 });
  });

  test("the duration of calls that share a request counts once, and so do requests of a run", async () => {
    await using otel = setUpOtel();
    await using set = await startBatching(protocol);
    await Promise.all([1, 2, 3].map((n) => set.cent.publish({ channel: `c${n}`, data: n })));
    await set.cent.publishMany([4, 5].map((n) => ({ channel: `c${n}`, data: n })));
    expect(set.requests()).toEqual([3, 2]);
    const durations = (await otel.metrics()).get("rpc.client.call.duration");
    expect(valuesOf(durations?.dataPoints)).toMatchObject({
      [`${api}/Publish`]: { count: 3 },
      [`${api}/Batch`]: { count: 1 },
    });
  });

  test("the sizes of batches are counted, of shared requests and of a batch by the caller", async () => {
    await using otel = setUpOtel();
    await using set = await startBatching(protocol);
    await Promise.all([1, 2, 3].map((n) => set.cent.publish({ channel: `c${n}`, data: n })));
    await set.cent.batch({ commands: [{ info: {} }, { info: {} }] });
    const [point, ...others] = (await otel.metrics()).get("tscent.client.batch.size")?.dataPoints ?? [];
    expect(others).toEqual([]);
    expect(histogram(point)).toMatchObject({ count: 2, min: 2, max: 3 });
  });
});
