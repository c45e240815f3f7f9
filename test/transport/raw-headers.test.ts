import { expect, test } from "vitest";
import { headersOf, valuesOf } from "../../src/transport/raw-headers.ts";

const raw = ["Host", "app", "Cookie", "a=b", "X-Test", "1", "x-test", "2", ":path", "/"];

test("headers have all values, and no pseudo-headers of HTTP/2", () => {
  expect([...headersOf(raw)]).toEqual([
    ["cookie", "a=b"],
    ["host", "app"],
    ["x-test", "1, 2"],
  ]);
});

test("the values of one header are joined, whatever the case of its name", () => {
  expect(valuesOf(raw, "x-test")).toBe("1, 2");
  expect(valuesOf(raw, "host")).toBe("app");
  expect(valuesOf(raw, "x-tes")).toBeUndefined();
  expect(valuesOf([...raw, "x-odd"], "x-odd")).toBeUndefined();
});
