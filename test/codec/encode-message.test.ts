import { create } from "@bufbuild/protobuf";
import { DoubleValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { DisconnectRequestSchema, MetricsSchema, SubscribeRequestSchema } from "#api";
import { RefreshResultSchema } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { encodeMessage } from "../../src/codec/encode-message.ts";
import { createPayload } from "../../src/codec/payload.ts";

const payload = createPayload(undefined);

test("a double may be any finite number", () => {
  expect(encodeMessage(MetricsSchema, { interval: 1.5, items: { a: -0.25 } }, payload)).toEqual(
    create(MetricsSchema, { interval: 1.5, items: { a: -0.25 } }),
  );
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, null]) {
    const got = typeof value === "string" ? "string" : String(value);
    expect(() => encodeMessage(MetricsSchema, { interval: value }, payload)).toThrow(
      `interval: expected a finite number, got ${got}`,
    );
  }
  expect(() => encodeMessage(DoubleValueSchema, { value: "1" }, payload)).toThrow("expected a finite number");
});

test("only a time is converted to seconds, and only with a function for it", () => {
  const toSeconds = (time: unknown) => (time as Date).getTime() / 1000;
  const at = new Date(5_000);
  const encoded = encodeMessage(RefreshResultSchema, { expireAt: at }, payload, undefined, toSeconds);
  expect(encoded).toEqual(create(RefreshResultSchema, { expireAt: 5n }));
  expect(encodeMessage(RefreshResultSchema, { expireAt: 5 }, payload)).toEqual(
    create(RefreshResultSchema, { expireAt: 5n }),
  );
  expect(() => encodeMessage(RefreshResultSchema, { expireAt: at }, payload)).toThrow(
    "expireAt: expected a 64-bit integer, got object",
  );
  expect(
    encodeMessage(SubscribeRequestSchema, { recoverSince: { offset: 5 } }, payload, undefined, toSeconds),
  ).toEqual(create(SubscribeRequestSchema, { recoverSince: { offset: 5n } }));
});

test("the levels of one message do not count for the next one in a list", () => {
  const nested = (levels: number): object =>
    levels === 0 ? { op: "not" } : { op: "not", nodes: [nested(levels - 1), nested(0)] };
  const labelFilter = { op: "and", nodes: Array.from({ length: 300 }, () => nested(3)) };
  expect(encodeMessage(DisconnectRequestSchema, { labelFilter }, payload)).toMatchObject({
    labelFilter: { nodes: expect.objectContaining({ length: 300 }) },
  });
});
