import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  CentApiResponseError,
  CentError,
  CentNetworkError,
  CentPartialError,
  CentRequestError,
  CentTransportError,
  createClient,
  isCentError,
  unwrap,
} from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

afterEach(() => {
  vi.useRealTimers();
});

const headers = { "retry-after": "7", "x-request-id": "17" };

describe("retryAfterMs", () => {
  const after = (value: string) => new CentError("x", { headers: { "retry-after": value } }).retryAfterMs;

  test("retryAfterMs has the header's seconds in milliseconds", () => {
    expect([after("0"), after("7"), after("0120")]).toEqual([0, 7_000, 120_000]);
  });

  test("retryAfterMs is the time until an HTTP date, and 0 after that date", () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["Date"] });
    expect(after("Thu, 01 Jan 2026 00:01:30 GMT")).toBe(90_000);
    expect(after("Wed, 31 Dec 2025 23:00:00 GMT")).toBe(0);
  });

  test.each(["", "soon", "-5", "1.5", "12 2099", "7 seconds please"])(
    "retryAfterMs is undefined for %j",
    (value) => {
      expect(after(value)).toBeUndefined();
    },
  );

  test("retryAfterMs is undefined without the header", () => {
    expect(new CentError("x").retryAfterMs).toBeUndefined();
    expect(new CentError("x", { headers: { date: "7" } }).retryAfterMs).toBeUndefined();
  });
});

describe("headers", () => {
  const error = new CentTransportError("x", { headers });

  test("an error has the headers of its reply", () => expect(error.headers).toEqual(headers));

  test("the headers of an error are not enumerable, and neither inspect nor JSON shows them", () => {
    expect(Object.keys(error)).not.toContain("headers");
    expect(inspect(error)).not.toContain("x-request-id");
    expect(JSON.stringify(error)).not.toContain("x-request-id");
    expect(inspect(error)).toContain("CentTransportError: x");
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ message: "x" });
  });
});

describe("toJSON", () => {
  test("toJSON has all of an error but its headers, cause and stack", () => {
    const common = { method: "publish", attempts: 2, maybeExecuted: true, headers, cause: new Error("y") };
    const shown = { message: "x", method: "publish", attempts: 2, maybeExecuted: true };
    const json = (error: CentError) => JSON.parse(JSON.stringify(error));
    expect(json(new CentError("x", common))).toEqual({ ...shown, name: "CentError" });
    expect(json(new CentNetworkError("x", { ...common, code: "ECONNRESET" }))).toEqual({
      ...shown,
      name: "CentNetworkError",
      code: "ECONNRESET",
    });
    expect(json(new CentTransportError("x", { ...common, httpStatus: 502 }))).toEqual({
      ...shown,
      name: "CentTransportError",
      httpStatus: 502,
    });
    expect(json(new CentRequestError("x", { ...common, field: "data" }))).toMatchObject({ field: "data" });
    expect(json(new CentApiResponseError(107, "x", common))).toMatchObject({ code: 107 });
  });

  test("toJSON also applies to the errors of items", async () => {
    const reply =
      '{"result":{"responses":[{"error":{"code":102,"message":"unknown channel"}},{"result":{}}]}}';
    const client = createClient({ url: "http://localhost/api", http: { fetch: scriptedFetch(reply).fetch } });
    const { responses } = await client.broadcast({ channels: ["a", "b"], data: 1 });
    const error = {
      name: "CentApiResponseError",
      message: expect.stringMatching(/^broadcast to a: unknown channel \(102\): the namespace/),
      serverMessage: "unknown channel",
      channel: "a",
      method: "broadcast",
      code: 102,
      attempts: 1,
      maybeExecuted: false,
    };
    expect(JSON.parse(JSON.stringify(responses))[0]).toEqual({ ok: false, error });
    const partial = await rejection(Promise.resolve().then(() => unwrap(responses)));
    expect(partial).toBeInstanceOf(CentPartialError);
    expect(JSON.parse(JSON.stringify(partial))).toEqual({
      name: "CentPartialError",
      message: "1 of 2 failed: [0] broadcast to a: unknown channel (102)",
      failures: [{ index: 0, error }],
      attempts: 1,
      maybeExecuted: false,
    });
  });
});

test("an error without options has the defaults, and no cause or headers of its own", () => {
  const error = new CentError("x");
  expect([error.maybeExecuted, error.attempts, error.method]).toEqual([false, 0, undefined]);
  expect([Object.hasOwn(error, "cause"), Object.hasOwn(error, "headers")]).toEqual([false, false]);
});

describe("CentPartialError", () => {
  const failure = (index: number, options = {}) => ({
    index,
    error: new CentApiResponseError(100 + index, `text ${index}`, options),
  });

  test("shows three failures, and counts the others", () => {
    const failures = [0, 1, 2, 3, 4].map((index) => failure(index));
    expect(new CentPartialError(failures.slice(0, 3), 9).message).toBe(
      "3 of 9 failed: [0] text 0 (100), [1] text 1 (101), [2] text 2 (102)",
    );
    expect(new CentPartialError(failures, 9).message).toBe(
      "5 of 9 failed: [0] text 0 (100), [1] text 1 (101), [2] text 2 (102), and 2 more",
    );
  });

  test("a CentPartialError may have been executed if one of its items may", () => {
    const [no, yes] = [failure(0, { attempts: 2 }), failure(1, { attempts: 3, maybeExecuted: true })];
    expect(new CentPartialError([no], 2)).toMatchObject({
      maybeExecuted: false,
      attempts: 2,
      cause: no.error,
    });
    expect(new CentPartialError([no, yes], 2)).toMatchObject({ maybeExecuted: true, attempts: 2 });
  });

  test("without failures has no cause", () => {
    const error = new CentPartialError([], 2);
    expect([error.message, error.attempts, "cause" in error]).toEqual(["0 of 2 failed: ", 0, false]);
  });
});

test("isCentError tells errors of the SDK, also of another copy of it, from other values", () => {
  const brand = Symbol.for("tscent.CentError");
  const others = [new Error("x"), { [brand]: true }, undefined, null, "text"];
  expect(others.filter(isCentError)).toEqual([]);
  const ofOtherCopy = Object.assign(new Error("x"), { [brand]: true });
  expect([new CentError("x"), new CentNetworkError("x"), ofOtherCopy].map(isCentError)).toEqual([
    true,
    true,
    true,
  ]);
  expect(Reflect.get(new CentError("x"), brand)).toBe("CentError");
});
