import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type * as BinaryFormat from "../../src/limits/binary-format.ts";

/** The module of a process that has not used gRPC yet. */
let fresh: typeof BinaryFormat;

beforeAll(async () => {
  vi.resetModules();
  fresh = await import("../../src/limits/binary-format.ts");
});
afterAll(() => void vi.resetModules());

test("the binary format is there once it is loaded, and not earlier", async () => {
  expect(fresh.hasBinaryFormat()).toBe(false);
  expect(() => fresh.binaryFormat()).toThrow("protobuf's binary format is not loaded");
  await fresh.loadBinaryFormat();
  const loaded = fresh.binaryFormat();
  expect([fresh.hasBinaryFormat(), loaded.fromBinary.name, loaded.toBinary.name]).toEqual([
    true,
    fromBinary.name,
    toBinary.name,
  ]);
  await fresh.loadBinaryFormat();
  expect(fresh.binaryFormat()).toBe(loaded);
});
