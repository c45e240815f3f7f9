import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { configFromEnv } from "../../src/index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const http = "expected the address of the HTTP API, as in http://localhost:8000/api";
const ms = "expected milliseconds from 0 to 2147483647, got 9999999999";
const key = "expected one or more visible ASCII characters";

describe("configFromEnv", () => {
  test("configFromEnv reads the four variables", () => {
    const environment = {
      CENT_TRANSPORT: "grpc",
      CENT_URL: "http://localhost:10000",
      CENT_API_KEY: "key",
      CENT_TIMEOUT_MS: "2500",
      CENT_OTHER: "ignored",
    };
    expect(configFromEnv(environment)).toStrictEqual({
      transport: "grpc",
      url: "http://localhost:10000",
      apiKey: "key",
      timeoutMs: 2500,
    });
  });

  test("a log of the options hides the key, and shows no key where there is none", () => {
    const url = "http://localhost:10000";
    const withKey = configFromEnv({ CENT_URL: url, CENT_API_KEY: "key-of-this-test" });
    expect(inspect(withKey)).toBe(inspect({ url, apiKey: "(secret)" }));
    expect(inspect(configFromEnv({ CENT_URL: url }))).toBe(inspect({ url }));
  });

  test("configFromEnv leaves out unset and empty variables", () => {
    const url = "http://localhost:8000/api";
    expect(configFromEnv({ CENT_URL: url })).toStrictEqual({ url });
    expect(
      configFromEnv({ CENT_TRANSPORT: "", CENT_URL: url, CENT_API_KEY: "", CENT_TIMEOUT_MS: "" }),
    ).toStrictEqual({ url });
    expect(configFromEnv({ CENT_URL: url, CENT_TIMEOUT_MS: "0" })).toStrictEqual({ url, timeoutMs: 0 });
  });

  test("configFromEnv reads the environment of the process by default", () => {
    vi.stubEnv("CENT_TRANSPORT", "http");
    vi.stubEnv("CENT_URL", "http://from.environment/api");
    vi.stubEnv("CENT_API_KEY", undefined);
    vi.stubEnv("CENT_TIMEOUT_MS", undefined);
    expect(configFromEnv()).toStrictEqual({ transport: "http", url: "http://from.environment/api" });
  });

  test("configFromEnv finds no variables on a runtime without a process", () => {
    vi.stubEnv("CENT_URL", "http://from.environment/api");
    vi.stubGlobal("process", undefined);
    expect(() => configFromEnv()).toThrow(/^CENT_URL: is undefined/);
  });

  test.each([
    [{ CENT_TRANSPORT: "HTTP" }, "CENT_TRANSPORT: expected http or grpc, got HTTP"],
    [{ CENT_TRANSPORT: "websocket" }, "CENT_TRANSPORT: expected http or grpc, got websocket"],
    [{ CENT_TIMEOUT_MS: "10s" }, "CENT_TIMEOUT_MS: expected milliseconds, got 10s"],
    [{ CENT_TIMEOUT_MS: "-1" }, "CENT_TIMEOUT_MS: expected milliseconds, got -1"],
    [{ CENT_TIMEOUT_MS: "1.5" }, "CENT_TIMEOUT_MS: expected milliseconds, got 1.5"],
    [{ CENT_TIMEOUT_MS: " 5" }, "CENT_TIMEOUT_MS: expected milliseconds, got  5"],
    [{}, `CENT_URL: is undefined; ${http}. Set the variable that it comes from`],
    [{ CENT_URL: "" }, `CENT_URL: is undefined; ${http}. Set the variable that it comes from`],
    [{ CENT_URL: "localhost:8000" }, `CENT_URL: ${http}; this has no scheme, http:// or https://`],
    [{ CENT_URL: "http://x", CENT_TIMEOUT_MS: "9999999999" }, `CENT_TIMEOUT_MS: ${ms}`],
    [{ CENT_URL: "http://x", CENT_API_KEY: "a b" }, `CENT_API_KEY: ${key}`],
  ])("configFromEnv refuses %o", (environment, message) => {
    expect(() => configFromEnv(environment)).toThrow(new TypeError(message));
  });
});
