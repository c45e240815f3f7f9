import { describe, expect, test } from "vitest";
import type { Item } from "../../src/index.ts";
import {
  CentApiResponseError,
  CentError,
  CentPartialError,
  failures,
  isCentError,
  unwrap,
} from "../../src/index.ts";

const ok = <Result>(result: Result): Item<Result> => ({ ok: true, result });
const failed = (code: number, message = "bad request"): Item<never> => ({
  ok: false,
  error: new CentApiResponseError(code, message, { method: "publish" }),
});

describe("unwrap", () => {
  test("unwrap gives the results in order", () => {
    expect(unwrap([ok({ offset: 1 }), ok({ publications: [] })])).toEqual([
      { offset: 1 },
      { publications: [] },
    ]);
    expect(unwrap([])).toEqual([]);
  });

  test("unwrap throws a CentPartialError with all failures", () => {
    const items = [ok(1), failed(107), ok(2), failed(102, "unknown channel")];
    let thrown: unknown;
    try {
      unwrap(items);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CentPartialError);
    expect(thrown).toBeInstanceOf(CentError);
    expect(isCentError(thrown)).toBe(true);
    expect(thrown).toMatchObject({
      name: "CentPartialError",
      message: "2 of 4 failed: [1] publish: bad request (107), [3] publish: unknown channel (102)",
      failures: [
        { index: 1, error: { code: 107 } },
        { index: 3, error: { code: 102 } },
      ],
    });
    const [, first] = items;
    expect((thrown as CentPartialError).cause).toBe(first?.ok === false && first.error);
  });

  test("unwrap throws if the only item failed", () => {
    expect(() => unwrap([failed(100, "internal server error")])).toThrow(
      "1 of 1 failed: [0] publish: internal server error (100)",
    );
  });

  test("the message of unwrap names the first three of many failures", () => {
    const items = Array.from({ length: 10_000 }, () => failed(107));
    expect(() => unwrap(items)).toThrow(
      "10000 of 10000 failed: [0] publish: bad request (107), [1] publish: bad request (107), [2] publish: bad request (107), and 9997 more",
    );
  });
});

describe("failures", () => {
  test("failures lists index and error of each failed item", () => {
    const bad = failed(107);
    expect(failures([ok(1), bad, ok(2)])).toEqual([{ index: 1, error: bad.ok === false && bad.error }]);
  });

  test("failures is empty if no item failed", () => {
    expect(failures([ok(1), ok(undefined)])).toEqual([]);
    expect(failures([])).toEqual([]);
  });
});
